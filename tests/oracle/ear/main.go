// Verifies attestation results with veraison/ear, for comparison.
//
// Each line of standard input is a request and is answered with one line on
// standard output, both JSON. Nothing is fetched from the network.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/veraison/ear"
)

// maxLine is longer than any request of the tests.
const maxLine = 4 << 20

// request is one token to verify, or claims to sign; byte strings are base64 in JSON.
type request struct {
	// Kind is "verify" or "sign".
	Kind string `json:"kind"`
	// Token is the compact form, to verify.
	Token string `json:"token"`
	// Claims are what to sign, JSON.
	Claims json.RawMessage `json:"claims"`
	// Algorithm is the one of the key, as "ES256".
	Algorithm string `json:"algorithm"`
	// Key is the SubjectPublicKeyInfo to verify with, the PKCS #8 to sign with.
	Key []byte `json:"key"`
}

// answer says what came of a request.
type answer struct {
	// Accepted tells whether it verified, or was signed.
	Accepted bool `json:"accepted"`
	// Reason is why not.
	Reason string `json:"reason"`
	// Nonce is the one in the token.
	Nonce *string `json:"nonce"`
	// Submods are status and vector as they were read, and the status that the library allows for the vector.
	Submods map[string]appraisal `json:"submods"`
	// Token is what was signed.
	Token string `json:"token"`
}

// appraisal is one submodule as the library understands it.
type appraisal struct {
	// Status is the status in the token.
	Status string `json:"status"`
	// Allowed is the status after the library lowered it to the worst claim.
	Allowed string `json:"allowed"`
	// Vector has a number for each aspect, 0 for those that are absent.
	Vector map[string]int `json:"vector"`
	// Policy is the policy that it names.
	Policy *string `json:"policy"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		if err := reply(os.Stdout, lines.Bytes()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func reply(out io.Writer, line []byte) error {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	said, err := judge(asked)
	if err != nil {
		said = answer{Reason: err.Error()}
	}
	return json.NewEncoder(out).Encode(said)
}

func judge(asked request) (answer, error) {
	algorithm := jwa.SignatureAlgorithm(asked.Algorithm)
	if asked.Kind == "sign" {
		return sign(asked, algorithm)
	}
	spki, err := x509.ParsePKIXPublicKey(asked.Key)
	if err != nil {
		return answer{}, fmt.Errorf("key: %w", err)
	}
	key, err := jwk.FromRaw(spki)
	if err != nil {
		return answer{}, fmt.Errorf("key: %w", err)
	}
	var result ear.AttestationResult
	if err := result.Verify([]byte(asked.Token), algorithm, key); err != nil {
		return answer{}, err
	}
	// Verify reads the claims; Marshal is what validates them.
	if _, err := result.MarshalJSON(); err != nil {
		return answer{}, err
	}
	return understood(result), nil
}

func understood(result ear.AttestationResult) answer {
	said := answer{Accepted: true, Nonce: result.Nonce, Submods: map[string]appraisal{}}
	for label, one := range result.Submods {
		status := one.Status.String()
		vector := map[string]int{}
		if one.TrustVector != nil {
			for aspect, claim := range one.TrustVector.AsMap() {
				vector[aspect] = int(claim)
			}
			one.UpdateStatusFromTrustVector()
		}
		allowed := one.Status.String()
		said.Submods[label] = appraisal{status, allowed, vector, one.AppraisalPolicyID}
	}
	return said
}

func sign(asked request, algorithm jwa.SignatureAlgorithm) (answer, error) {
	secret, err := x509.ParsePKCS8PrivateKey(asked.Key)
	if err != nil {
		return answer{}, fmt.Errorf("key: %w", err)
	}
	key, err := jwk.FromRaw(secret)
	if err != nil {
		return answer{}, fmt.Errorf("key: %w", err)
	}
	var result ear.AttestationResult
	if err := result.UnmarshalJSON(asked.Claims); err != nil {
		return answer{}, err
	}
	token, err := result.Sign(algorithm, key)
	if err != nil {
		return answer{}, err
	}
	return answer{Accepted: true, Token: string(token)}, nil
}
