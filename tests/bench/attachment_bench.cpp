// What a large attachment costs the documents beside it: latency at 1,000 documents a second, alone, beside an upload,
// and beside a download. The transfer is between other parties than the documents.
//   attachment_bench --url tcp://… --deployment DIR --folder DIR [--mib N] [--seconds S]
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "hub/runtime/bulk_loop.hpp"
#include "tests/bench/flow.hpp"

namespace bench {
namespace {

constexpr std::int64_t kRate = 1'000;
constexpr double kRatioMax = 2;

// Written out, not a hole: a kernel that may not be preempted fills a hole's pages with zeros for 30 ms at a time, and
// keeps the documents' threads off that processor meanwhile. And on the disk, so that it isn't written during a measurement.
hub::crypto::Digest make_file(const std::string& path, std::uint64_t bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = file >= 0;
  hub::crypto::Sha256 hash;
  hub::Buffer part(1 << 20);
  for (std::uint64_t at = 0; at < bytes && good; at += part.size()) {
    randombytes_buf(part.data(), part.size());
    good = ::write(file, part.data(), part.size()) == static_cast<ssize_t>(part.size());
    hash.add(part);
  }
  if (!good || ::fsync(file) != 0) throw std::runtime_error("no file at " + path);
  ::close(file);
  return hash.finish();
}

class Uploader : public Endpoint {
 public:
  Uploader(const Keys& keys, const std::string& url, hub::sdk::Progress& progress, std::string path)
      : Endpoint(keys, url, producer_id(1), progress), path_(std::move(path)) {}
  void upload(std::uint64_t bytes, const hub::crypto::Digest& digest) {
    DocumentMaker documents(producer_id(1), "consumer-1.bench");
    documents.attach({"large", "application/octet-stream", "", bytes, digest});
    if (!client().submit(1, documents.make("x"))) throw std::runtime_error("the document was not taken");
    while (!accepted_) poll(100'000);
  }
  hub::Result<hub::content::File> open_content(hub::sdk::Ticket, std::size_t) override {
    return hub::content::File::open_to_read(path_);
  }
  void on_result(hub::sdk::Ticket, const hub::wire::DocumentResult& result) override {
    if (result.outcome != hub::wire::kAccepted) throw std::runtime_error("refused: " + std::string(result.outcome));
    accepted_ = true;
  }

 private:
  std::string path_;
  bool accepted_ = false;
};

class Downloader : public Endpoint {
 public:
  Downloader(const Keys& keys, const std::string& url, hub::sdk::Progress& progress, std::string path)
      : Endpoint(keys, url, consumer_id(1), progress, /*joins=*/false), path_(std::move(path)) {}
  void download() {
    join();
    while (!fetched_) poll(100'000);
  }
  hub::Result<void> on_deliveries(std::span<const hub::sdk::VerifiedDelivery> deliveries) override {
    for (const auto& d : deliveries)
      for (const auto& a : hub::registry::read_attachments(d.document.attachments))
        client().fetch({d.delivery.position, d.delivery.outcome_index, 0, a.size, a.sha256, path_});
    return {};
  }
  hub::Result<void> on_content(const hub::sdk::ContentRequest&, const std::optional<hub::Error>& failure) override {
    if (failure) throw std::runtime_error(hub::describe(*failure, hub::Language::english));
    fetched_ = true;
    return {};
  }

 private:
  std::string path_;
  bool fetched_ = false;
};

struct Beside {
  Figures documents;
  double transfer_seconds = 0;
};

// The transfer's party has a machine of its own: what it computes must not be in the documents' way. So it is a process of
// its own (an idle thread that holds a lock of this one, of its memory say, would keep the documents' threads waiting) in
// the idle class, which its ZeroMQ thread inherits.
pid_t begin_aside(const std::function<void()>& transfer) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process for the transfer");
  if (child > 0) return child;
  try {
    const sched_param none{};
    if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0) throw std::runtime_error("no idle priority");
    transfer();
    std::_Exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::_Exit(1);
  }
}

Beside measure_beside(const Keys& keys, const std::string& url, double seconds,
                      std::map<std::string, hub::sdk::Progress>& progress, const std::function<void()>& transfer) {
  Beside out;
  const std::int64_t start = wall_clock().value;
  const pid_t child = begin_aside(transfer);
  int status = 0;
  bool moving = true;
  out.documents = measure(keys, url, kRate, seconds, progress, [&] {
    if (!moving || ::waitpid(child, &status, WNOHANG) == 0) return moving;
    out.transfer_seconds = static_cast<double>(wall_clock().value - start) / 1e6;
    return moving = false;
  });
  if (status != 0) throw std::runtime_error("the transfer failed");
  return out;
}

double print(const char* name, const Figures& alone, const Beside& beside, std::uint64_t mib) {
  const double ratio = static_cast<double>(beside.documents.p99_micros) / static_cast<double>(alone.p99_micros);
  std::printf("%-8s %llu MiB in %.1f s (%.0f MiB/s); documents %.0f/s, p50 %lld us, p99 %lld us: p99 %.2f x alone\n",
              name, static_cast<unsigned long long>(mib), beside.transfer_seconds,
              static_cast<double>(mib) / beside.transfer_seconds, beside.documents.rate,
              static_cast<long long>(beside.documents.p50_micros), static_cast<long long>(beside.documents.p99_micros),
              ratio);
  return ratio;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) try {
  hub::crypto::initialise();
  CLI::App app{"Documents beside the transfer of a large attachment"};
  std::string url, deployment, folder;
  double seconds = 10;
  std::uint64_t mib = 4096;
  app.add_option("--url", url, "The hub's address")->required();
  app.add_option("--deployment", deployment, "The folder with the keys of the benchmark's parties")->required();
  app.add_option("--folder", folder, "Where the file and its copy may lie")->required();
  app.add_option("--mib", mib, "Size of the attachment");
  app.add_option("--seconds", seconds, "Of each measurement at least");
  CLI11_PARSE(app, argc, argv);
  const bench::Keys keys(deployment);
  const std::string source = folder + "/source", copy = folder + "/copy";
  const auto digest = bench::make_file(source, mib << 20);
  std::map<std::string, hub::sdk::Progress> progress;
  // Nothing is measured cold, nor while the hub still writes what a flood left behind.
  bench::measure(keys, url, 0, 1, progress);
  bench::measure(keys, url, bench::kRate, 5, progress);
  // As long as a transfer takes: as many spare segments of the journal are written meanwhile.
  const double quiet_seconds = std::max(seconds, static_cast<double>(mib << 20) / hub::runtime::kBulkBytesPerSecond);
  const auto alone = bench::measure(keys, url, bench::kRate, quiet_seconds, progress);
  std::printf("alone    documents %.0f/s, p50 %lld us, p99 %lld us\n", alone.rate,
              static_cast<long long>(alone.p50_micros), static_cast<long long>(alone.p99_micros));
  hub::sdk::Progress uploader, downloader;
  const auto up = bench::measure_beside(
      keys, url, seconds, progress, [&] { bench::Uploader(keys, url, uploader, source).upload(mib << 20, digest); });
  const double up_ratio = bench::print("upload", alone, up, mib);
  const auto down = bench::measure_beside(keys, url, seconds, progress,
                                          [&] { bench::Downloader(keys, url, downloader, copy).download(); });
  const double down_ratio = bench::print("download", alone, down, mib);
  return std::max(up_ratio, down_ratio) <= bench::kRatioMax ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
