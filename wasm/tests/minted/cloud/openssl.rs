//! Messages that openssl 3 made over the document of these tests, with a key
//! that was thrown away. Data, hence long.

use super::identity_blueprint::DOCUMENT;
use super::{Outcome, run};
use base64ct::{Base64, Encoding};
use casemate_core::ec2::identity;

/// 2026-12-01.
const NOW: u64 = 1_796_083_200;

/// `openssl req -x509 -newkey rsa:2048 -subj "/O=Casemate tests/CN=openssl"`
const CERTIFICATE: &str = concat!(
    "MIIDNDCCAhygAwIBAgIUL17jQK3IMUUw7S5q5PZo0mss51IwDQYJKoZIhvcNAQELBQAwKzEXMBUG",
    "A1UECgwOQ2FzZW1hdGUgdGVzdHMxEDAOBgNVBAMMB29wZW5zc2wwHhcNMjYxMTIxMjE0NTEwWhcN",
    "MzYxMTE4MjE0NTEwWjArMRcwFQYDVQQKDA5DYXNlbWF0ZSB0ZXN0czEQMA4GA1UEAwwHb3BlbnNz",
    "bDCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMDbYKVzFy7t5+Q6N+EoRTVzw6jFiz8M",
    "sRL4r+8tihuZXggssjFHn08jRBywRk2NY6kKO1uMl7f8dcrn/127UM84ytHQhjfWXUWus3wKZwLH",
    "VdriMjG2Zm8qmUNm4PFlRRlgM1P6d3+pK3BHDIwSgVpoXxab4mqDlX9dSH5VJB257jKWdXhxTrPD",
    "ihdn6hHcUw55rETYX7wOUDfvMKlS0itqi1eorDxFJ9dwiqjUnmllaorevECx+xo1niE2bQ/kRlba",
    "Lkf47qU+FAepGbvJ2ZIF6amI6ugsZZ+1CN3U041fN/oIMKHmUe5L3yMXYfMAt91vGVIRvP7rR2VG",
    "6qlIPh8CAwEAAaNQME4wHQYDVR0OBBYEFAeqMlstABMps/O0xYadWMqw4s2HMB8GA1UdIwQYMBaA",
    "FAeqMlstABMps/O0xYadWMqw4s2HMAwGA1UdEwEB/wQCMAAwDQYJKoZIhvcNAQELBQADggEBABJ/",
    "229owIYFBlQOCxjy1O9gXQSLuGhrTqdejzESBtuD88uLY+I1405nX9pYEUTQ+4pMeT6BSoxY2TZ3",
    "iNuiBTHtDf53qiuF5I8WiYk6Xs3Smjdyty13bu/wlFUluEm/Li0A/jirQNeMyoLFmUt/d2+pWdwj",
    "XldZ4WkSTkSyC7NU9edZTJVWvGZB8eiavC44rkT6xYt6add/aElpTaaWSYyfVqcwQyZQUf5qJSyT",
    "9FgGXfSyTObQPXpngIfeeOCHrncAmVRmqWEBfxpxj+QioPEJvApvyQSGQAH7Zhwjg/zD+lsr5HbN",
    "Is//x5QLhggV1JoSknGvCwT0xHbWJexcSx0=",
);

/// `openssl cms -sign -binary -nodetach -stream -nocerts`: lengths are indefinite, as in AWS's.
const STREAMED: &str = concat!(
    "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgASCAV17",
    "CiAgImFjY291bnRJZCIgOiAiMTIzNDU2Nzg5MDEyIiwKICAiYXJjaGl0ZWN0dXJlIiA6ICJ4ODZf",
    "NjQiLAogICJhdmFpbGFiaWxpdHlab25lIiA6ICJldS1ub3J0aC0xYSIsCiAgImJpbGxpbmdQcm9k",
    "dWN0cyIgOiBudWxsLAogICJpbWFnZUlkIiA6ICJhbWktMSIsCiAgImluc3RhbmNlSWQiIDogImkt",
    "MSIsCiAgImluc3RhbmNlVHlwZSIgOiAibTdhLmxhcmdlIiwKICAibWFya2V0cGxhY2VQcm9kdWN0",
    "Q29kZXMiIDogWyAiYSIsICJiIiBdLAogICJwZW5kaW5nVGltZSIgOiAiMjAyNi0wNi0wMVQwMDow",
    "MDowMFoiLAogICJyZWdpb24iIDogImV1LW5vcnRoLTEiLAogICJ2ZXJzaW9uIiA6ICIyMDE3LTA5",
    "LTMwIgp9AAAAAAAAMYIB1zCCAdMCAQEwQzArMRcwFQYDVQQKDA5DYXNlbWF0ZSB0ZXN0czEQMA4G",
    "A1UEAwwHb3BlbnNzbAIUL17jQK3IMUUw7S5q5PZo0mss51IwCwYJYIZIAWUDBAIBoGkwGAYJKoZI",
    "hvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTIxMjE0NTEwWjAvBgkqhkiG",
    "9w0BCQQxIgQg2FrE6E0Ns4gkQ1jZTIZceroz0awGf28Bxot3rQokD0cwDQYJKoZIhvcNAQEBBQAE",
    "ggEAWqMzXzz4wQAYZ1GlFf8PW2E2tMVkBDXmrMnJKXKbOQ1Z82hPkWXYt4xfopVKWVUn1WZ+MfVp",
    "9F5kdSVkNGwhR0A1gs2LctB8F9xBniX/0qGbgIN3SKqKTpP5V11yQDTHtLPBB7r535g6tDTqLoPN",
    "QB52FZDORgAxaU081CFO9y4jvzzWg2nwvP5DfzPBC1DfnjzICWDhdAJkk2qD+BE6F99M7oElpSVi",
    "FxB6dHxnf6vNI2f7kqNCVUf3Vkl4gPUNChUDV6A49lSz6/lpfmHyPFdH9r01XINLuXydZgEqMEw5",
    "dsoDgOPwwobFXBHYEL6i2WOvn2Zxt0tgY+k6orpICgAAAAAAAA==",
);

/// `openssl cms -sign -binary -noattr -nocerts`: no attributes, the content elsewhere.
const PLAIN: &str = concat!(
    "MIIBogYJKoZIhvcNAQcCoIIBkzCCAY8CAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYIB",
    "bDCCAWgCAQEwQzArMRcwFQYDVQQKDA5DYXNlbWF0ZSB0ZXN0czEQMA4GA1UEAwwHb3BlbnNzbAIU",
    "L17jQK3IMUUw7S5q5PZo0mss51IwCwYJYIZIAWUDBAIBMA0GCSqGSIb3DQEBAQUABIIBALgjpj9v",
    "ciA9KrxTGNgvSQ10TAlEnXhe9kQijByFaIlYEEW5vvexXaY5Dq6FYDFHorK0Pc8OJ00RsBB06gML",
    "/fRoPt8WjKwbujAKWfhbb6N4s6aPfWr29A4akRVOWjV/n2KkvaQmLOGgdChatmqu/0PC8sKfF59k",
    "DpdY01P89DwBn4EIu+TFHMY1SEgo1IFeQoTxtR1nmblzP5E6rmohiAqKC8iuyqRE9waTavx5UXD2",
    "7RR15COL0l1ihw9Y+yggM8ImgSbxNoLA5JeNaGiF1ewJwhnLgptpWQEydBp79XpHoxHNCWP0eSTU",
    "QfT8UbomcHVM0TU2/TqHpvz07Sbmi5g=",
);

fn verify(document: &str, message: &[u8]) -> Outcome {
    let certificate = Base64::decode_vec(CERTIFICATE).unwrap();
    let now = NOW.to_be_bytes();
    let fields: [&[u8]; 4] = [document.as_bytes(), message, &certificate, &now];
    run(identity::operation, &fields)
}

#[test]
fn messages_of_openssl_verify() {
    for text in [STREAMED, PLAIN] {
        let message = Base64::decode_vec(text).unwrap();
        for file in [text.as_bytes(), &message] {
            let answer = verify(DOCUMENT, file).value();
            assert_eq!(
                answer["certificate"]["subject"],
                "CN=openssl,O=Casemate tests"
            );
        }
    }
    assert!(STREAMED.starts_with("MIAG"), "an indefinite length");
    let other = DOCUMENT.replace("i-1", "i-2");
    let streamed = verify(&other, STREAMED.as_bytes()).code();
    assert_eq!(
        streamed, "ec2.signature_malformed",
        "it holds another document"
    );
    let plain = verify(&other, PLAIN.as_bytes()).code();
    assert_eq!(plain, "ec2.signature_mismatch");
}

#[test]
fn no_bit_of_a_message_can_be_turned() {
    for text in [STREAMED, PLAIN] {
        let message = Base64::decode_vec(text).unwrap();
        for offset in 0..message.len() {
            let mut bent = message.clone();
            bent[offset] ^= 1 << (offset % 8);
            let code = verify(DOCUMENT, &bent).code();
            assert!(
                code.starts_with("ec2.s") || code == "ec2.digest_mismatch",
                "{offset}: {code}"
            );
        }
    }
}
