#include "gateway/app/door.h"

#include "gateway/app/auth.h"

namespace penstock::gateway {

std::optional<Response> Door::refuse_head(const records::TriggerDefinition& trigger,
                                          const RequestHead& head) const {
  if (opens(context_.credentials, trigger, head)) return std::nullopt;
  return unauthorized(presented_key(head) ? "The API key is not one of this trigger's."
                                          : "This trigger wants its API key in x-api-key or as "
                                            "Authorization: Bearer.", {});
}

std::optional<Response> Door::answer_body(const records::TriggerDefinition&, const RequestHead&,
                                          std::string_view, records::EventMeta&) {
  return std::nullopt;
}

}  // namespace penstock::gateway
