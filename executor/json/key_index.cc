#include "executor/json/key_index.h"

#include <bit>

namespace penstock::json {

KeyIndex::KeyIndex(size_t keys) : slots_(std::bit_ceil(keys * 4 + 1)), mask_(slots_.size() - 1) {}

}  // namespace penstock::json
