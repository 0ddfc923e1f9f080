// What a delivery is: its method, media type and encoding; from the request to JSON and the facts
// that are kept beside it. gateway/INTAKE.md has the decisions as tables.
//
// Loop thread. Answers, never acts. The order matters: signatures are over the bytes on the wire,
// so the door looks at them before unpack() and read() make something else of them.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/media_type.h"

namespace penstock::gateway {

/// What comes below /hooks/{token}: "" or "/…".
std::string_view hook_path(std::string_view path);

/// How many events a request carries, and how they lie in it.
enum class Shape : uint8_t { kOne, kLines, kArray, kCloudEvents };

class Intake {
 public:
  explicit Intake(Context& context) : context_(context) {}

  // --- by the head alone ---
  std::optional<Response> refuse_method(const records::TriggerDefinition& trigger,
                                        const RequestHead& head) const;
  std::optional<Response> refuse_type(const records::TriggerDefinition& trigger,
                                      const RequestHead& head) const;
  /// The largest body that may follow, packed or not.
  uint64_t bytes_max(const records::TriggerDefinition& trigger, const RequestHead& head) const;
  /// The facts of the head that are kept.
  records::EventMeta meta_of(const records::TriggerDefinition& trigger,
                             const RequestHead& head) const;

  // --- with the body ---
  /// Undoes Content-Encoding and drops a byte order mark. Otherwise why not.
  std::optional<Rejected> unpack(const records::TriggerDefinition& trigger, const RequestHead& head,
                                 Body& body) const;
  Shape shape(const records::TriggerDefinition& trigger, const RequestHead& head,
              const Body& body) const;
  /// The body of one event as JSON, checked in full; it may be replaced. Otherwise why not.
  std::optional<Rejected> read(const records::TriggerDefinition& trigger, const RequestHead& head,
                               Body& body, records::EventMeta& meta);
  /// What is wrong with a JSON text; the bytes behind it must be readable (body.h).
  std::optional<std::string> json_fault(std::string_view text) { return json_check_.refuse(text); }

 private:
  std::optional<Rejected> read_json(const Body& body);
  std::optional<Rejected> read_urlencoded(Body& body, records::EventMeta& meta);
  std::optional<Rejected> read_other(Body& body, const MediaType& type, records::EventMeta& meta);

  Context& context_;
  JsonCheck json_check_;
};

}  // namespace penstock::gateway
