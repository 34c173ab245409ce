//! What may be signed in a seed: by whatever has the name of the issuer. Which
//! of it does hold is found by arithmetic.

use crate::accepted::{bytes, der_of, items};
use crate::accepted_chain::by;
use crate::accepted_tpm::{key_of, read_signature};
use crate::arithmetic::{Made, Public};
use crate::certificate::Signed;
use crate::proof::{Proof, Scheme};
use crate::shape::Field;

/// All of a seed of an operation.
#[must_use]
pub fn of(operation: &str, fields: &[Field]) -> Vec<Proof> {
    match (operation, fields) {
        ("tpm_verify", [quote, signature, key, _, certificates, lists, ..]) => {
            let mut all = of_chain(certificates, lists);
            let ways = of_quote(bytes(quote), bytes(signature), bytes(key));
            all.extend(ways.unwrap_or_default());
            all
        }
        ("tpm_certificate", [_, certificates, lists, ..]) => of_chain(certificates, lists),
        _ => vec![],
    }
}

/// In every way, whatever key and signature say of it: another form of the key says nothing.
fn of_quote(quote: &[u8], signature: &[u8], key: &[u8]) -> Option<Vec<Proof>> {
    let info = key_of(key)?;
    let public = Public::read(&info)?;
    let (_, numbers) = read_signature(signature, &public, None)?;
    let ways = ["sha256", "sha384", "sha512"].into_iter();
    let ways = ways.flat_map(|hash| match public {
        Public::Rsa(_) => vec![Made::Pkcs1(hash), Made::Pss(hash, true)],
        Public::Ec(..) => vec![Made::Ecdsa(hash)],
    });
    let proof = |made| Proof {
        what: "quote",
        scheme: Scheme::By(made),
        key: info.clone(),
        message: quote.to_vec(),
        signature: numbers.clone(),
    };
    Some(ways.map(proof).collect())
}

fn of_chain(certificates: &Field, lists: &Field) -> Vec<Proof> {
    let der = |files: &Field| -> Vec<Vec<u8>> {
        let files = items(files).iter();
        files
            .filter_map(|file| der_of(bytes(file)))
            .flatten()
            .collect()
    };
    of_items(&der(certificates), &der(lists))
}

/// Of certificates and lists: by whatever has the name of the issuer.
#[must_use]
pub fn of_items(certificates: &[Vec<u8>], lists: &[Vec<u8>]) -> Vec<Proof> {
    let issuers: Vec<Signed<'_>> = certificates
        .iter()
        .filter_map(|der| Signed::read(der))
        .collect();
    let lists: Vec<Signed<'_>> = lists.iter().filter_map(|der| Signed::read(der)).collect();
    let pairs = issuers.iter().chain(&lists).flat_map(|one| {
        let named = issuers.iter();
        let named = named.filter(|issuer| issuer.subject() == one.issuer());
        named.map(move |issuer| (issuer, one))
    });
    pairs
        .filter_map(|(issuer, one)| by(issuer, "seed", one))
        .collect()
}
