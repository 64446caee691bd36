#include "adapters/edxml/reader.hpp"

#include <unistd.h>

#include <cerrno>
#include <memory>

#include "adapters/edxml/parser.hpp"
#include "adapters/edxml/refusal.hpp"

namespace hub::edxml {

Result<File> read_edxml(int file, const std::string& staging, const Limits& limits) {
  const auto parser = std::make_unique<Parser>(staging, limits);
  const auto buffer = std::make_unique<std::array<char, kReadBytes>>();
  crypto::Sha256 hash;
  std::uint64_t bytes = 0;
  for (;;) {
    const ssize_t got = ::read(file, buffer->data(), buffer->size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", "edXML");
    if (got == 0) break;
    const std::string_view chunk(buffer->data(), static_cast<std::size_t>(got));
    bytes += chunk.size();
    if (bytes > limits.file_bytes)
      return fail(ErrorCode::file_too_large,
                  {{"path", "edXML"}, {"actual", std::to_string(bytes)}, {"limit", std::to_string(limits.file_bytes)}});
    hash.add(as_bytes(chunk));
    if (auto added = parser->add(chunk); !added) return tl::unexpected(added.error());
  }
  auto out = parser->finish();
  if (!out) return out;
  out->bytes = bytes;
  out->sha256 = hash.finish();
  return out;
}

}  // namespace hub::edxml
