// The envelope of every small stored value: a version byte and a CRC-32C over family, key and
// payload, so that a flipped bit, a swapped value and a truncated one all show when read.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "proto/id.h"
#include "proto/status.h"
#include "queue/store.h"

namespace google::protobuf { class MessageLite; }

namespace penstock::queue {

/// The stored form of `payload` under this key.
std::string seal(Family family, std::string_view key, std::string_view payload);
std::string seal(Family family, std::string_view key, const google::protobuf::MessageLite& record);

/// The payload, or kCorrupt naming the record.
Result<std::string_view> unseal(Family family, std::string_view key, std::string_view value);
/// Reads the record into `out`; kCorrupt when the bytes are damaged.
Status unseal(Family family, std::string_view key, std::string_view value,
              google::protobuf::MessageLite& out);

/// For messages: "result of 018f…", "definition of …".
std::string record_name(Family family, std::string_view key);

/// The key of a journal entry: the run's id, then the sequence.
std::string journal_key(Id id, uint32_t sequence);
/// The key of a piece of a stream; made alike.
inline std::string piece_key(Id id, uint32_t sequence) { return journal_key(id, sequence); }
/// The key of an event in a run's inbox; made alike.
inline std::string inbox_key(Id id, uint32_t sequence) { return journal_key(id, sequence); }
/// The one key of Family::kMeta.
inline constexpr std::string_view position_key = "position";

}  // namespace penstock::queue
