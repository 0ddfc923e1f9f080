#include "queue/audit.h"

#include "proto/sha256.h"
#include "queue/bytes.h"

namespace penstock::queue {

static void add_text(std::string& out, const std::string& text) {
  char size[4];
  put_u32(size, static_cast<uint32_t>(text.size()));
  out.append(size, sizeof(size)).append(text);
}

std::string audit_hash(const records::AuditRecord& record) {
  std::string text;
  add_text(text, record.previous_hash());
  char at_ms[8];
  put_u64(at_ms, record.at_ms());
  text.append(at_ms, sizeof(at_ms));
  for (const std::string* each :
       {&record.who(), &record.action(), &record.subject(), &record.detail()})
    add_text(text, *each);
  return sha256(text);
}

std::string audit_key(uint64_t sequence) {
  std::string key(8, '\0');
  for (int i = 0; i < 8; i++)
    key[static_cast<size_t>(i)] = static_cast<char>(sequence >> (56 - 8 * i));
  return key;
}

}  // namespace penstock::queue
