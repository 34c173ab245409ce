//! Parts of the seeds, which stand in for each other.

use crate::cms;
use crate::der::{self, Body, Node};
use crate::json::{self, Value};
use crate::nitro::Document;
use crate::pem;
use crate::quote::Quote;
use crate::random::Random;
use crate::shape::{self, Kind};
use std::collections::{HashMap, HashSet};

/// Most elements that are kept.
const MAX_NODES: usize = 8192;

/// Parts of the seeds.
#[derive(Default)]
pub struct Pool {
    fields: HashMap<Kind, Vec<Vec<u8>>>,
    nodes: Vec<Node>,
    values: Vec<Value>,
    known: HashSet<Vec<u8>>,
}

impl Pool {
    /// Takes an input of an operation apart.
    pub fn add(&mut self, input: &[u8], shapes: &[shape::Shape]) {
        let Some(mut fields) = shape::read(input, shapes) else {
            return;
        };
        let mut leaves = Vec::new();
        shape::leaves(&mut fields, &mut leaves);
        for (kind, bytes) in leaves {
            self.add_field(kind, bytes);
        }
    }

    fn add_field(&mut self, kind: Kind, bytes: &[u8]) {
        if !self.known.insert(bytes.to_vec()) {
            return;
        }
        self.fields.entry(kind).or_default().push(bytes.to_vec());
        match kind {
            Kind::Certificates | Kind::RevocationLists => self.add_items(bytes),
            Kind::Json | Kind::EventLog | Kind::RuntimeData | Kind::Identity => {
                self.values.extend(json::read(bytes).map(|file| file.value))
            }
            Kind::Quote => {
                if let Some(quote) = Quote::read(bytes) {
                    self.add_items(&quote.chain);
                }
            }
            Kind::Nitro => {
                let document = Document::read(bytes);
                let all = document.map(|document| document.certificates());
                for der in all.unwrap_or_default() {
                    self.add_items(&der);
                }
            }
            Kind::SignedMessage => {
                let message = cms::read(bytes).and_then(|(_, message)| der::read(&message));
                self.add_nodes(&message.unwrap_or_default());
            }
            _ => {}
        }
    }

    fn add_items(&mut self, file: &[u8]) {
        for item in pem::items(file).unwrap_or_default() {
            if self.known.insert(item.der.clone()) {
                let nodes = der::read(&item.der).unwrap_or_default();
                self.add_nodes(&nodes);
            }
        }
    }

    fn add_nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            if self.nodes.len() < MAX_NODES
                && self.known.insert(der::write(core::slice::from_ref(node)))
            {
                self.nodes.push(node.clone());
            }
            if let Body::Nodes(_, inner) = &node.body {
                self.add_nodes(inner);
            }
        }
    }

    /// A field of a seed.
    #[must_use]
    pub fn field(&self, kind: Kind, random: &mut Random) -> Option<&Vec<u8>> {
        random.pick(self.fields.get(&kind)?)
    }

    /// An element, mostly one of a given tag.
    #[must_use]
    pub fn node(&self, tag: &[u8], random: &mut Random) -> Option<&Node> {
        let any = random.pick(&self.nodes);
        if random.once_in(4) {
            return any;
        }
        let start = random.below(self.nodes.len());
        let (before, after) = self.nodes.split_at(start);
        let mut all = after.iter().chain(before);
        all.find(|node| node.tag == tag).or(any)
    }

    /// A JSON document.
    #[must_use]
    pub fn value(&self, random: &mut Random) -> Option<&Value> {
        random.pick(&self.values)
    }
}
