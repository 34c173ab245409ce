//! JSON, read strictly and written. What a reader of more patience lets pass in
//! a second form, as a member that stands twice or null for something absent,
//! is refused here.

pub mod members;
pub mod scan;
pub mod split;
pub mod string;
pub mod value;
pub mod write;
