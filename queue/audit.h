// The audit log's chain: each record names the hash of the one before it, so that a record that is
// changed, removed or put in later shows. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "proto/records.pb.h"

namespace penstock::queue {

/// SHA-256 over the record's previous hash, its time and its texts, each behind its length
/// (proto/FORMATS.md has the bytes).
std::string audit_hash(const records::AuditRecord& record);
/// The key of a record: its sequence, big endian.
std::string audit_key(uint64_t sequence);

}  // namespace penstock::queue
