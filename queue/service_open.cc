// Service::open: puts the parts together, on the engine that the options ask for.
#include <random>

#include "queue/committer.h"
#include "queue/memory_store.h"
#include "queue/reader.h"
#include "queue/recovery.h"
#include "queue/rocks_store.h"
#include "queue/service_impl.h"

namespace penstock::queue {

static Result<std::unique_ptr<Store>> open_store(const ServiceOptions& options) {
  if (options.data_dir.empty()) return std::unique_ptr<Store>(std::make_unique<MemoryStore>());
  return open_rocks_store({options.data_dir, options.accept_loss, nullptr});
}

Result<std::unique_ptr<Service>> Service::open(ServiceOptions options, const Clock& clock,
                                               std::function<void()> wake) {
  auto store = open_store(options);
  if (!store) return store.status();
  return open_service(std::move(options), clock, std::move(wake), *std::move(store));
}

Result<std::unique_ptr<Service>> open_service(ServiceOptions options, const Clock& clock,
                                              std::function<void()> wake,
                                              std::unique_ptr<Store> store) {
  auto recovered = recover(*store);
  if (!recovered) return recovered.status();
  if (options.seed == 0) options.seed = std::random_device()();
  ServiceParts parts;
  parts.store = std::move(store);
  parts.recovered = *std::move(recovered);
  parts.commits = std::make_unique<Committer>(
      *parts.store, parts.recovered.position.sequence(), clock, wake);
  parts.reads = std::make_unique<Reader>(*parts.store, wake);
  return std::unique_ptr<Service>(
      std::make_unique<ServiceImpl>(std::move(options), clock, std::move(parts)));
}

}  // namespace penstock::queue
