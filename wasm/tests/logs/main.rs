//! Event logs: formats and their refusals on logs that are made here, and the
//! logs of a corpus of real evidence, where there is one beside the repository.

mod cel_json;
mod cel_tlv;
mod corpus;
mod header;
mod make;
mod operation;
mod tcg;
