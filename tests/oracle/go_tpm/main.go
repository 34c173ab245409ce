// Judges TPM quotes with google/go-tpm-tools and event logs with
// google/go-eventlog, for comparison.
//
// Each line of standard input is a request and is answered with one line on
// standard output, both JSON. Nothing is fetched from the network.
package main

import (
	"bufio"
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/go-eventlog/ccel"
	"github.com/google/go-eventlog/extract"
	statepb "github.com/google/go-eventlog/proto/state"
	"github.com/google/go-eventlog/register"
	"github.com/google/go-eventlog/tcg"
	"github.com/google/go-eventlog/tpmeventlog"
	attestpb "github.com/google/go-tpm-tools/proto/attest"
	tpmpb "github.com/google/go-tpm-tools/proto/tpm"
	"github.com/google/go-tpm-tools/server"
	"github.com/google/go-tpm/legacy/tpm2"
)

// request is one case; byte strings are base64 in JSON.
type request struct {
	// Kind is "quote", "pcr-log" or "rtmr-log".
	Kind string `json:"kind"`
	// Bank is the bank that is looked at, as "sha256".
	Bank string `json:"bank"`
	// Registers are the values that the registers have, hex, by number.
	Registers map[uint32]string `json:"registers"`
	// Log is the event log; may be empty with a quote.
	Log []byte `json:"log"`
	// Attest is the TPMS_ATTEST.
	Attest []byte `json:"attest"`
	// Signature is the TPMT_SIGNATURE.
	Signature []byte `json:"signature"`
	// Public is the TPMT_PUBLIC of the attestation key.
	Public []byte `json:"public"`
	// Nonce is what the quote must answer.
	Nonce []byte `json:"nonce"`
	// ReplayOnly asks to parse and replay a log, and to read nothing from it: for measuring.
	ReplayOnly bool `json:"replayOnly"`
	// Rounds is how often to do it; the answer has the median.
	Rounds int `json:"rounds"`
}

// answer says what came of a request.
type answer struct {
	// Accepted tells whether it verified, in the last round.
	Accepted bool `json:"accepted"`
	// Error is why it did not.
	Error string `json:"error"`
	// Panicked tells whether the library panicked.
	Panicked bool `json:"panicked"`
	// Events are the events of the log: register, type, digest and data in hex.
	Events []event `json:"events"`
	// State is what the library reads from the log; absent where it reads nothing.
	State *state `json:"state"`
	// StateError is why it reads no more.
	StateError string `json:"stateError"`
	// Nanoseconds is the median time of one round.
	Nanoseconds int64 `json:"nanoseconds"`
}

type event struct {
	Register uint32 `json:"register"`
	Type     uint32 `json:"type"`
	Digest   string `json:"digest"`
	Data     string `json:"data"`
	Verified bool   `json:"verified"`
}

type state struct {
	SecureBoot   bool     `json:"secureBoot"`
	Db           []string `json:"db"`
	Dbx          []string `json:"dbx"`
	Authority    []string `json:"authority"`
	Applications []string `json:"applications"`
	Commands     []string `json:"commands"`
	CommandLine  string   `json:"commandLine"`
}

var hashes = map[string]struct {
	register register.HashAlg
	tpm      tpmpb.HashAlgo
	crypto   crypto.Hash
	tpm2     tpm2.Algorithm
}{
	"sha1":   {register.HashSHA1, tpmpb.HashAlgo_SHA1, crypto.SHA1, tpm2.AlgSHA1},
	"sha256": {register.HashSHA256, tpmpb.HashAlgo_SHA256, crypto.SHA256, tpm2.AlgSHA256},
	"sha384": {register.HashSHA384, tpmpb.HashAlgo_SHA384, crypto.SHA384, tpm2.AlgSHA384},
}

// values gives the registers in their order, so that two runs do the same.
func (r request) values() (map[uint32][]byte, []uint32, error) {
	values := map[uint32][]byte{}
	for number, text := range r.Registers {
		value, err := hex.DecodeString(text)
		if err != nil {
			return nil, nil, err
		}
		values[number] = value
	}
	numbers := make([]uint32, 0, len(values))
	for number := range values {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return values, numbers, nil
}

func (r request) pcrs() (register.PCRBank, error) {
	values, numbers, err := r.values()
	if err != nil {
		return register.PCRBank{}, err
	}
	hash := hashes[r.Bank]
	bank := register.PCRBank{TCGHashAlgo: statepb.HashAlgo(hash.register.GoTPMAlg())}
	for _, number := range numbers {
		bank.PCRs = append(bank.PCRs, register.PCR{Index: int(number), Digest: values[number], DigestAlg: hash.crypto})
	}
	return bank, nil
}

func (r request) rtmrs() (register.RTMRBank, error) {
	values, numbers, err := r.values()
	if err != nil {
		return register.RTMRBank{}, err
	}
	bank := register.RTMRBank{}
	for _, number := range numbers {
		bank.RTMRs = append(bank.RTMRs, register.RTMR{Index: int(number), Digest: values[number]})
	}
	return bank, nil
}

// options read as much as the library can: GRUB too, and a Secure Boot
// variable that nobody ever set.
func options() extract.Opts {
	return extract.Opts{
		Loader:                        extract.GRUB,
		AllowEmptySBVar:               true,
		AllowEFIAppBeforeCallingEvent: true,
		SkipACPITableCheck:            true,
	}
}

func judgeLog(r request) (answer, error) {
	bank, replay, err := r.registers()
	if err != nil {
		return answer{}, err
	}
	parsed, err := tcg.ParseAndReplay(r.Log, bank, tcg.ParseOpts{AllowPadding: true})
	if err != nil {
		return answer{}, err
	}
	if r.ReplayOnly {
		return answer{Accepted: true}, nil
	}
	result := answer{Accepted: true, Events: eventsOf(parsed)}
	if unknown := unknownType(parsed); unknown != "" {
		// The library would call itself until the stack is full, which nothing can recover from.
		result.StateError = "overflows the stack at an event of type " + unknown
		return result, nil
	}
	read, err := replay()
	result.State = stateOf(read)
	if err != nil {
		result.StateError = err.Error()
	}
	return result, nil
}

// registers gives the registers of a log, and what reads its state.
func (r request) registers() ([]register.MR, func() (*statepb.FirmwareLogState, error), error) {
	if r.Kind == "pcr-log" {
		bank, err := r.pcrs()
		return bank.MRs(), func() (*statepb.FirmwareLogState, error) {
			return tpmeventlog.ReplayAndExtract(r.Log, bank, options())
		}, err
	}
	bank, err := r.rtmrs()
	return bank.MRs(), func() (*statepb.FirmwareLogState, error) {
		return ccel.ReplayAndExtract(nil, r.Log, bank, options())
	}, err
}

func unknownType(parsed []tcg.Event) string {
	for _, one := range parsed {
		if _, ok := tcg.EventType(one.Type).KnownName(); !ok {
			return fmt.Sprintf("%#x", one.Type)
		}
	}
	return ""
}

func eventsOf(parsed []tcg.Event) []event {
	events := make([]event, 0, len(parsed))
	for _, one := range parsed {
		events = append(events, event{
			Register: uint32(one.Index),
			Type:     uint32(one.Type),
			Digest:   hex.EncodeToString(one.Digest),
			Data:     hex.EncodeToString(one.Data),
			Verified: one.DigestVerified(),
		})
	}
	return events
}

func stateOf(read *statepb.FirmwareLogState) *state {
	if read == nil {
		return nil
	}
	result := state{
		SecureBoot:  read.GetSecureBoot().GetEnabled(),
		Db:          hexes(read.GetSecureBoot().GetDb().GetHashes()),
		Dbx:         hexes(read.GetSecureBoot().GetDbx().GetHashes()),
		Authority:   certificates(read.GetSecureBoot().GetAuthority()),
		CommandLine: read.GetLinuxKernel().GetCommandLine(),
	}
	for _, app := range read.GetEfi().GetApps() {
		result.Applications = append(result.Applications, hex.EncodeToString(app.GetDigest()))
	}
	for _, command := range read.GetGrub().GetCommands() {
		result.Commands = append(result.Commands, command)
	}
	return &result
}

func hexes(values [][]byte) []string {
	texts := make([]string, 0, len(values))
	for _, value := range values {
		texts = append(texts, hex.EncodeToString(value))
	}
	return texts
}

func certificates(database *statepb.Database) []string {
	texts := []string{}
	for _, one := range database.GetCerts() {
		if der := one.GetDer(); der != nil {
			texts = append(texts, hex.EncodeToString(der))
		} else {
			texts = append(texts, one.GetWellKnown().String())
		}
	}
	return texts
}

func judgeQuote(r request) (answer, error) {
	values, _, err := r.values()
	if err != nil {
		return answer{}, err
	}
	hash := hashes[r.Bank]
	public, err := tpm2.DecodePublic(r.Public)
	if err != nil {
		return answer{}, err
	}
	key, err := public.Key()
	if err != nil {
		return answer{}, err
	}
	attestation := &attestpb.Attestation{
		AkPub:    r.Public,
		EventLog: r.Log,
		Quotes: []*tpmpb.Quote{{
			Quote:  r.Attest,
			RawSig: r.Signature,
			Pcrs:   &tpmpb.PCRs{Hash: hash.tpm, Pcrs: values},
		}},
	}
	_, err = server.VerifyAttestation(attestation, server.VerifyOpts{
		Nonce:                         r.Nonce,
		TrustedAKs:                    []crypto.PublicKey{key},
		Loader:                        server.UnsupportedLoader,
		AllowEFIAppBeforeCallingEvent: true,
		AllowEmptySBVar:               true,
		HashAlgo:                      hash.tpm2,
	})
	if err != nil {
		return answer{}, err
	}
	return answer{Accepted: true}, nil
}

func judge(r request) (result answer) {
	defer func() {
		if caught := recover(); caught != nil {
			result = answer{Panicked: true, Error: fmt.Sprintf("panicked: %v", caught)}
		}
	}()
	var err error
	if r.Kind == "quote" {
		result, err = judgeQuote(r)
	} else {
		result, err = judgeLog(r)
	}
	if err != nil {
		return answer{Error: strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	return result
}

func answerTo(line []byte) (answer, error) {
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return answer{}, err
	}
	rounds := max(r.Rounds, 1)
	times := make([]int64, 0, rounds)
	var result answer
	for range rounds {
		start := time.Now()
		result = judge(r)
		times = append(times, time.Since(start).Nanoseconds())
	}
	slices.Sort(times)
	result.Nanoseconds = times[len(times)/2]
	return result, nil
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
			return
		}
		result, problem := answerTo(line)
		if problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			os.Exit(1)
		}
		if problem := output.Encode(result); problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			os.Exit(1)
		}
	}
}
