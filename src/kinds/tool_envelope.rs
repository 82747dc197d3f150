//! The envelopes that tools put around payloads.

use crate::payload::ToolEnvelope;

/// The envelopes, in the order in which detection tries them.
pub static TOOL_ENVELOPES: &[&ToolEnvelope] = &[
    // PowerShell and OData 4.
    &ToolEnvelope::new(&["value", "*"]),
    &ToolEnvelope::new(&["value"]),
    // OData 2.
    &ToolEnvelope::new(&["d", "results", "*"]),
    &ToolEnvelope::new(&["d"]),
    // n8n.
    &ToolEnvelope::new(&["json", "body"]),
    &ToolEnvelope::new(&["json"]),
    // JSON:API.
    &ToolEnvelope::new(&["data", "*", "attributes"]),
    &ToolEnvelope::new(&["data", "attributes"]),
    // What some clients of Partner Center return.
    &ToolEnvelope::new(&["qualifications", "*"]),
    // Webhooks, queues and logs.
    &ToolEnvelope::new(&["data", "*"]),
    &ToolEnvelope::new(&["data"]),
    &ToolEnvelope::new(&["request", "body"]),
    &ToolEnvelope::new(&["response", "body"]),
    &ToolEnvelope::new(&["event", "body"]),
    &ToolEnvelope::new(&["inputs", "body"]),
    &ToolEnvelope::new(&["Records", "*", "body"]),
    &ToolEnvelope::new(&["hits", "hits", "*", "_source"]),
    &ToolEnvelope::new(&["_source"]),
    &ToolEnvelope::new(&["body"]),
    &ToolEnvelope::new(&["payload"]),
    &ToolEnvelope::new(&["request"]),
    &ToolEnvelope::new(&["response"]),
    &ToolEnvelope::new(&["order"]),
    &ToolEnvelope::new(&["results", "*"]),
    &ToolEnvelope::new(&["items", "*"]),
    &ToolEnvelope::new(&["records", "*"]),
    &ToolEnvelope::new(&["records", "*", "value"]),
];
