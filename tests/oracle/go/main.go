// Judges SEV-SNP evidence with google/go-sev-guest, for comparison.
//
// Each line of standard input is a request and is answered with one line on
// standard output, both JSON. Nothing is fetched from the network.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/google/go-sev-guest/abi"
	"github.com/google/go-sev-guest/kds"
	"github.com/google/go-sev-guest/proto/sevsnp"
	"github.com/google/go-sev-guest/verify"
	"github.com/google/go-sev-guest/verify/trust"
)

// request is one case; byte strings are base64 in JSON.
type request struct {
	// Report is the attestation report, as the caller has it.
	Report []byte `json:"report"`
	// Leaf is the VCEK or VLEK, PEM or DER.
	Leaf []byte `json:"leaf"`
	// Chain is the ASK or ASVK and then the ARK, PEM; used where Root is given.
	Chain []byte `json:"chain"`
	// CRL is the revocation list that a download would give, DER; empty means that revocation is not checked.
	CRL []byte `json:"crl"`
	// Time is the moment at which certificates must be valid.
	Time time.Time `json:"time"`
	// Root is the trusted ARK, DER. Empty means the library's own ASK and ARK:
	// it never uses those of the evidence.
	Root []byte `json:"root"`
	// Line is the product line that Root is trusted for.
	Line string `json:"line"`
	// Rounds is how often to verify; the answer has the median.
	Rounds int `json:"rounds"`
}

// answer says what came of a request.
type answer struct {
	// Accepted tells whether the evidence verified, in the last round.
	Accepted bool `json:"accepted"`
	// Error is why it did not.
	Error string `json:"error"`
	// Nanoseconds is the median time of one verification, parsing of the report left out.
	Nanoseconds int64 `json:"nanoseconds"`
}

// lists gives one revocation list for every address, and nothing else.
type lists struct{ crl []byte }

// Get implements trust.HTTPSGetter.
func (given lists) Get(url string) ([]byte, error) {
	if len(given.crl) == 0 {
		return nil, errors.New("the oracle has no network: " + url)
	}
	return given.crl, nil
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
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
	options, err := optionsOf(asked)
	if err != nil {
		return answer{Error: err.Error()}
	}
	times := make([]int64, 0, asked.Rounds)
	for range max(asked.Rounds, 1) {
		took, err := verifyOnce(asked, options)
		if err != nil {
			return answer{Error: err.Error(), Nanoseconds: took.Nanoseconds()}
		}
		times = append(times, took.Nanoseconds())
	}
	slices.Sort(times)
	return answer{Accepted: true, Nanoseconds: times[len(times)/2]}
}

// optionsOf gives strict options: no network, the case's time, the case's root.
func optionsOf(asked request) (verify.Options, error) {
	options := verify.Options{
		DisableCertFetching: true,
		CheckRevocations:    len(asked.CRL) > 0,
		Getter:              lists{asked.CRL},
		Now:                 asked.Time,
	}
	if len(asked.Root) == 0 {
		return options, nil
	}
	// The library trusts a pair of ASK and ARK; the ASK is the evidence's, the ARK never.
	ask, _, err := kds.ParseProductCertChain(asked.Chain)
	if err != nil {
		return options, err
	}
	root := trust.AMDRootCertsProduct(asked.Line)
	if err := root.Decode(ask, asked.Root); err != nil {
		return options, err
	}
	options.TrustedRoots = map[string][]*trust.AMDRootCerts{asked.Line: {root}}
	return options, nil
}

// verifyOnce verifies and says how long that took; a panic is an answer. The
// library writes into the options and the attestation, so both are made anew.
func verifyOnce(asked request, options verify.Options) (took time.Duration, err error) {
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("panicked: %v", failed)
		}
	}()
	report, err := abi.ReportToProto(asked.Report)
	if err != nil {
		return 0, err
	}
	attestation := &sevsnp.Attestation{
		Report: report,
		CertificateChain: &sevsnp.CertificateChain{
			VcekCert: asked.Leaf,
			VlekCert: asked.Leaf,
		},
	}
	start := time.Now()
	err = verify.SnpAttestation(attestation, &options)
	return time.Since(start), err
}
