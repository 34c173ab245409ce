// Judges TDX quotes with google/go-tdx-guest, for comparison.
//
// Each line of standard input is a request and is answered with one line on
// standard output, both JSON. Nothing is fetched from the network: what the
// library would fetch is in the request.
package main

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/go-tdx-guest/verify"
)

// request is one case; byte strings are base64 in JSON.
type request struct {
	// Quote is the quote, as the caller has it.
	Quote []byte `json:"quote"`
	// TcbInfo is TCB info, as the PCS returns it.
	TcbInfo []byte `json:"tcbInfo"`
	// QeIdentity is the QE identity, as the PCS returns it.
	QeIdentity []byte `json:"qeIdentity"`
	// TcbChain is the TCB signing certificate and the root, PEM.
	TcbChain []byte `json:"tcbChain"`
	// PckCrl is the list of the CA of the PCK certificate, DER.
	PckCrl []byte `json:"pckCrl"`
	// PckCrlChain is that CA and the root, PEM; empty where the quote's are used.
	PckCrlChain []byte `json:"pckCrlChain"`
	// RootCrl is the list of the root, DER.
	RootCrl []byte `json:"rootCrl"`
	// Root is the trusted root, DER; empty for the library's own of Intel.
	Root []byte `json:"root"`
	// Time is the moment of the verification, seconds since 1970.
	Time int64 `json:"time"`
	// Rounds is how often to verify; the answer has the median.
	Rounds int `json:"rounds"`
}

// answer says what came of a request.
type answer struct {
	// Accepted tells whether the evidence verified, in the last round.
	Accepted bool `json:"accepted"`
	// Error is why it did not.
	Error string `json:"error"`
	// Panicked tells whether the library panicked.
	Panicked bool `json:"panicked"`
	// Status is what the library demands of what it accepts.
	Status string `json:"status"`
	// AdvisoryIds is always empty: the library names none.
	AdvisoryIds []string `json:"advisoryIds"`
	// Nanoseconds is the median time of one verification from bytes.
	Nanoseconds int64 `json:"nanoseconds"`
}

// given answers what the library would ask the PCS with what the request gave.
type given struct{ asked request }

// Get implements trust.HTTPSGetter.
func (g given) Get(address string) (map[string][]string, []byte, error) {
	chain := func(header string, pem []byte) map[string][]string {
		return map[string][]string{header: {url.QueryEscape(string(pem))}}
	}
	switch {
	case strings.Contains(address, "/tcb?"):
		return chain("Tcb-Info-Issuer-Chain", g.asked.TcbChain), g.asked.TcbInfo, nil
	case strings.HasSuffix(address, "/qe/identity"):
		return chain("Sgx-Enclave-Identity-Issuer-Chain", g.asked.TcbChain), g.asked.QeIdentity, nil
	case strings.Contains(address, "/pckcrl?"):
		return chain("Sgx-Pck-Crl-Issuer-Chain", g.asked.crlChain()), g.asked.PckCrl, nil
	default:
		// The distribution point of the root.
		return nil, g.asked.RootCrl, nil
	}
}

// crlChain is the issuer chain of the list: what was given, or what follows the
// leaf in the quote.
func (r request) crlChain() []byte {
	if len(r.PckCrlChain) > 0 {
		return r.PckCrlChain
	}
	const begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
	parts := bytes.SplitN(r.Quote, []byte(begin), 4)
	if len(parts) < 4 {
		return nil
	}
	var chain []byte
	for _, part := range parts[2:] {
		body, _, _ := bytes.Cut(part, []byte(end))
		chain = append(chain, begin+string(body)+end+"\n"...)
	}
	return chain
}

func main() {
	answers, err := keepStdout()
	if err == nil {
		err = serve(os.Stdin, answers)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// keepStdout keeps standard output for the answers: the library logs to
// os.Stdout, and took hold of it before main ran.
func keepStdout() (io.Writer, error) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	stdout := *os.Stdout
	*os.Stdout = *null
	return &stdout, nil
}

// serve answers requests until the input ends.
func serve(input io.Reader, output io.Writer) error {
	requests := json.NewDecoder(bufio.NewReader(input))
	answers := json.NewEncoder(output)
	for {
		var asked request
		if err := requests.Decode(&asked); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("cannot read a request: %w", err)
		}
		if err := answers.Encode(judge(asked)); err != nil {
			return fmt.Errorf("cannot write an answer: %w", err)
		}
	}
}

// judge verifies the evidence of a request as often as it asks.
func judge(asked request) answer {
	times := make([]int64, 0, asked.Rounds)
	last := answer{AdvisoryIds: []string{}}
	for range max(asked.Rounds, 1) {
		start := time.Now()
		err, panicked := verifyOnce(asked)
		times = append(times, time.Since(start).Nanoseconds())
		last.Accepted, last.Panicked, last.Error, last.Status = err == nil, panicked, "", ""
		if err != nil {
			last.Error = err.Error()
		} else {
			last.Status = "UpToDate"
		}
	}
	slices.Sort(times)
	last.Nanoseconds = times[len(times)/2]
	return last
}

// verifyOnce verifies under strict options: collateral and lists demanded, the
// case's time, the case's root.
func verifyOnce(asked request) (err error, panicked bool) {
	defer func() {
		if reason := recover(); reason != nil {
			err, panicked = fmt.Errorf("panicked: %v", reason), true
		}
	}()
	options := &verify.Options{
		CheckRevocations: true,
		GetCollateral:    true,
		Getter:           given{asked},
		Now:              time.Unix(asked.Time, 0),
	}
	if len(asked.Root) > 0 {
		root, err := x509.ParseCertificate(asked.Root)
		if err != nil {
			return err, false
		}
		options.TrustedRoots = x509.NewCertPool()
		options.TrustedRoots.AddCert(root)
	}
	return verify.RawTdxQuote(asked.Quote, options), false
}
