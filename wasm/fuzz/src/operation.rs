//! The operations of the engine, and of what their inputs are made.

use crate::shape::{Kind, Shape};

/// An operation under test.
pub struct Operation {
    /// Its name, as in `wasm/README.md`.
    pub name: &'static str,
    /// The operation.
    pub run: fn(&[u8]) -> String,
    /// Its fields.
    pub fields: &'static [Shape],
}

const CERTIFICATES: Shape = Shape::One(Kind::Certificates);
const LISTS: Shape = Shape::One(Kind::RevocationLists);
const JSON: Shape = Shape::One(Kind::Json);
const ANCHORS: Shape = Shape::List(
    16,
    &Shape::Fields(&[
        Shape::One(Kind::Label),
        Shape::One(Kind::Hash),
        Shape::One(Kind::Hash),
        Shape::One(Kind::Flags),
    ]),
);
/// Most items of a list of files or registers, above which the caller is to blame.
pub const TPM_ITEMS: usize = 4096;
const TPM_FILES: [Shape; 2] = [
    Shape::List(TPM_ITEMS, &CERTIFICATES),
    Shape::List(TPM_ITEMS, &LISTS),
];
const COLLATERAL: Shape = Shape::Maybe(&Shape::Fields(&[
    JSON,
    JSON,
    CERTIFICATES,
    LISTS,
    LISTS,
    Shape::List(1, &CERTIFICATES),
]));

/// All operations but `cache_clear`, which takes nothing.
pub const ALL: [Operation; 23] = [
    Operation {
        name: "snp_verify",
        run: casemate_core::snp_verify,
        fields: &[
            Shape::One(Kind::Report),
            CERTIFICATES,
            CERTIFICATES,
            Shape::List(1024, &LISTS),
            ANCHORS,
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "snp_report",
        run: casemate_core::snp_report,
        fields: &[Shape::One(Kind::Report)],
    },
    Operation {
        name: "snp_leaf",
        run: casemate_core::snp_leaf,
        fields: &[CERTIFICATES],
    },
    Operation {
        name: "snp_certificate_table",
        run: casemate_core::snp_certificate_table,
        fields: &[Shape::One(Kind::Table)],
    },
    Operation {
        name: "x509_describe",
        run: casemate_core::x509_describe,
        fields: &[CERTIFICATES],
    },
    Operation {
        name: "tdx_verify",
        run: casemate_core::tdx_verify,
        fields: &[
            Shape::One(Kind::Tee),
            Shape::One(Kind::Quote),
            COLLATERAL,
            ANCHORS,
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "tdx_quote",
        run: casemate_core::tdx_quote,
        fields: &[Shape::One(Kind::Quote)],
    },
    Operation {
        name: "tdx_collateral",
        run: casemate_core::tdx_collateral,
        fields: &[JSON],
    },
    Operation {
        name: "tdx_pck",
        run: casemate_core::tdx_pck,
        fields: &[CERTIFICATES],
    },
    Operation {
        name: "event_log",
        run: casemate_core::event_log,
        fields: &[Shape::One(Kind::Registers), Shape::One(Kind::EventLog)],
    },
    Operation {
        name: "tpm_verify",
        run: casemate_core::tpm_verify,
        fields: &[
            Shape::One(Kind::Attest),
            Shape::One(Kind::TpmSignature),
            Shape::One(Kind::TpmKey),
            Shape::List(TPM_ITEMS, &Shape::One(Kind::RegisterValue)),
            TPM_FILES[0],
            TPM_FILES[1],
            ANCHORS,
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "tpm_certificate",
        run: casemate_core::tpm_certificate,
        fields: &[
            Shape::One(Kind::TpmRole),
            TPM_FILES[0],
            TPM_FILES[1],
            ANCHORS,
            Shape::One(Kind::TpmKey),
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "tpm_quote",
        run: casemate_core::tpm_quote,
        fields: &[Shape::One(Kind::Attest)],
    },
    Operation {
        name: "tpm_public",
        run: casemate_core::tpm_public,
        fields: &[Shape::One(Kind::TpmKey)],
    },
    Operation {
        name: "tpm_signature",
        run: casemate_core::tpm_signature,
        fields: &[Shape::One(Kind::TpmSignature)],
    },
    Operation {
        name: "hcl_report",
        run: casemate_core::hcl_report,
        fields: &[Shape::One(Kind::HclReport)],
    },
    Operation {
        name: "hcl_runtime",
        run: casemate_core::hcl_runtime,
        fields: &[Shape::One(Kind::RuntimeHash), Shape::One(Kind::RuntimeData)],
    },
    Operation {
        name: "nitro_document",
        run: casemate_core::nitro_document,
        fields: &[Shape::One(Kind::Nitro)],
    },
    Operation {
        name: "nitro_verify",
        run: casemate_core::nitro_verify,
        fields: &[
            Shape::One(Kind::Nitro),
            TPM_FILES[1],
            ANCHORS,
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "ec2_identity",
        run: casemate_core::ec2_identity,
        fields: &[
            Shape::One(Kind::Identity),
            Shape::One(Kind::SignedMessage),
            CERTIFICATES,
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "gce_instance",
        run: casemate_core::gce_instance,
        fields: &[CERTIFICATES],
    },
    Operation {
        name: "gce_endorsement",
        run: casemate_core::gce_endorsement,
        fields: &[
            Shape::One(Kind::Endorsement),
            TPM_FILES[0],
            ANCHORS,
            Shape::One(Kind::Now),
        ],
    },
    Operation {
        name: "x509_extension",
        run: casemate_core::x509_extension,
        fields: &[CERTIFICATES, Shape::One(Kind::Identifier)],
    },
];

/// The operation of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Operation> {
    ALL.iter().find(|operation| operation.name == name)
}
