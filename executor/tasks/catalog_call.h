// A function of a remote catalog (`use.catalogs`), fetched as the catalogs' structure has it,
// functions/NAME/VERSION/function.yaml, and made a workflow of one task. Its input is the call's
// `with`.
#pragma once

#include "executor/tasks/authorized_call.h"

namespace penstock::executor {

class CatalogCall final : public AuthorizedCall {
 public:
  CatalogCall(const flow::Call& call, CallContext context)
      : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;

 private:
  CallStep answered(const HttpReply& reply) override;
  CallStep loaded(const json::Value& definition);

  std::string url_;
};

/// Where a catalog keeps a function ("log:1.0.0"); repositories of GitHub and GitLab are read raw.
/// Empty: the function has no name or no version.
std::string catalog_url(std::string catalog, std::string_view function);

}  // namespace penstock::executor
