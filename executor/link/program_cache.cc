#include "executor/link/program_cache.h"

#include "executor/definition/definition.h"
#include "executor/flow/compiler.h"
#include "proto/limits.h"

namespace penstock::executor {

Result<flow::ProgramPtr> compile_source(std::string_view source) {
  Result<definition::Definition> loaded = definition::load(source);
  if (!loaded) return loaded.status();
  return flow::Compiler::compile(loaded->root);
}

const ProgramCache::Entry& ProgramCache::add(const std::string& name, uint32_t version,
                                             std::string_view source) {
  if (const Entry* known = find(name, version)) return *known;
  if (kept_.size() >= limits::programs_max) {
    index_.erase(kept_.back().key);
    kept_.pop_back();
  }
  kept_.push_front({key(name, version), compile_source(source)});
  index_[kept_.front().key] = kept_.begin();
  return kept_.front().entry;
}

const ProgramCache::Entry* ProgramCache::find(const std::string& name, uint32_t version) {
  auto found = index_.find(key(name, version));
  if (found == index_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return &found->second->entry;
}

}  // namespace penstock::executor
