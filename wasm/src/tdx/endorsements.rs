//! Everything about a platform that does not depend on the quote's own signature or on the time, kept for the next quote.
