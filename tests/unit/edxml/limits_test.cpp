// What hostile files ask for, at the limit and one over; how much memory a large one takes.
#include <archive.h>
#include <archive_entry.h>
#include <malloc.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "tests/unit/edxml/samples.hpp"

using namespace hub;
using namespace hub::edxml;
using namespace hub::test;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string encoded(const std::string& attachments) {
  return "<AttachmentEncoded>" + attachments + "</AttachmentEncoded>";
}

// Each pair is a name and a content.
std::string zip(const std::vector<std::pair<std::string, std::string>>& entries, const char* options = nullptr) {
  std::string out(64 << 20, '\0');
  std::size_t used = 0;
  struct archive* archive = ::archive_write_new();
  ::archive_write_set_format_zip(archive);
  if (options) {
    REQUIRE(::archive_write_set_options(archive, options) == ARCHIVE_OK);
    ::archive_write_set_passphrase(archive, "mat khau");
  }
  REQUIRE(::archive_write_open_memory(archive, out.data(), out.size(), &used) == ARCHIVE_OK);
  for (const auto& [name, content] : entries) {
    struct archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, name.c_str());
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_perm(entry, 0644);
    REQUIRE(::archive_write_header(archive, entry) == ARCHIVE_OK);
    REQUIRE(::archive_write_data(archive, content.data(), content.size()) == static_cast<la_ssize_t>(content.size()));
    ::archive_entry_free(entry);
  }
  ::archive_write_close(archive);
  ::archive_write_free(archive);
  out.resize(used);
  return out;
}

std::string refusal_of(const std::string& text, const Limits& limits = {}) {
  const TemporaryFolder staging;
  const std::string out = outcome(read_text(text, staging, limits));
  if (out != "accepted") CHECK(staging.files() == 0);
  return out;
}

std::size_t status_kib(const char* field) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(field)) return std::stoul(line.substr(line.find(':') + 1));
  return 0;
}

constexpr bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

}  // namespace

TEST_CASE("64 levels of elements are read, one more and 10,000 are refused") {
  const auto levels = [](std::size_t n) { return sample_edxml(repeated("<edXML:x>", n) + repeated("</edXML:x>", n)); };
  // Four elements stand around those of the message's header.
  CHECK(refusal_of(levels(60)) == "accepted");
  CHECK_THAT(refusal_of(levels(61)), Catch::Contains("depth of elements beyond the limit of 64"));
  CHECK_THAT(refusal_of(levels(10'000)), Catch::Contains("depth of elements"));
}

TEST_CASE("text of one element ends at its limit") {
  Limits limits;
  limits.text_bytes = 1000;
  const auto content = [](std::size_t n) {
    return sample_edxml("<edXML:Unknown>" + std::string(n, 'a') + "</edXML:Unknown>");
  };
  CHECK(refusal_of(content(1000), limits) == "accepted");
  CHECK_THAT(refusal_of(content(1001), limits), Catch::Contains("bytes of Unknown beyond the limit of 1000"));
}

TEST_CASE("a gibibyte of text in one element is refused before much of it is read") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  std::size_t sent = 0;
  std::thread writer([&] {
    const std::string text = sample_edxml();
    std::string chunk = text.substr(0, text.find("<edXML:Subject>")) + "<edXML:Subject>";
    while (sent < (1U << 30)) {
      const ssize_t got = ::send(ends[1], chunk.data(), chunk.size(), MSG_NOSIGNAL);
      if (got <= 0) break;
      sent += static_cast<std::size_t>(got);
      chunk.assign(1 << 16, 'a');
    }
    ::close(ends[1]);
  });
  const TemporaryFolder staging;
  const auto file = edxml::read_edxml(ends[0], staging.path());
  ::close(ends[0]);
  writer.join();
  CHECK_THAT(outcome(file), Catch::Contains("bytes of Subject beyond the limit of 65536"));
  CHECK(sent < (4U << 20));
}

TEST_CASE("a tag or comment that has no end is not held in memory") {
  CHECK_THAT(refusal_of(sample_edxml("<!--" + std::string(4 << 20, 'a') + "-->")),
             Catch::Contains("one tag or comment"));
  CHECK_THAT(refusal_of(sample_edxml("<edXML:x a=\"" + std::string(4 << 20, 'a') + "\"/>")),
             Catch::Contains("edxml-invalid"));
}

TEST_CASE("counts end at their limits") {
  Limits limits;
  const auto to = [](std::size_t i) {
    return "<edXML:To><edXML:OrganId>X" + std::to_string(i) + "</edXML:OrganId></edXML:To>";
  };
  std::string recipients;
  for (std::size_t i = 0; i < 254; ++i) recipients += to(i);
  CHECK(refusal_of(sample_edxml(recipients)) == "accepted");
  CHECK_THAT(refusal_of(sample_edxml(recipients + to(254))),
             Catch::Contains("recipients (To) beyond the limit of 255"));

  const std::string response = "<edXML:ResponseFor><edXML:Code>1/A</edXML:Code></edXML:ResponseFor>";
  CHECK(refusal_of(sample_edxml(repeated(response, 50))) == "accepted");
  CHECK_THAT(refusal_of(sample_edxml(repeated(response, 51))), Catch::Contains("ResponseFor"));

  const std::string attachment = sample_attachment("a.txt", "a");
  CHECK(refusal_of(sample_edxml("", encoded(repeated(attachment, 100)))) == "accepted");
  CHECK_THAT(refusal_of(sample_edxml("", encoded(repeated(attachment, 101)))),
             Catch::Contains("attachments beyond the limit of 100"));

  limits.list_items = 5;  // the sample has two places, an appendix, a trace and a reference
  CHECK(refusal_of(sample_edxml("<edXML:Unknown/>"), limits) == "accepted");
  limits.list_items = 4;
  CHECK_THAT(refusal_of(sample_edxml(), limits), Catch::Contains("items of lists beyond the limit of 4"));

  limits = {};
  limits.elements = 20'000;
  CHECK_THAT(refusal_of(sample_edxml(repeated("<edXML:x/>", 20'000)), limits),
             Catch::Contains("elements beyond the limit of 20000"));
  const std::string sample = sample_edxml();
  limits.file_bytes = sample.size();
  CHECK(refusal_of(sample, limits) == "accepted");
  limits.file_bytes -= 1;
  CHECK_THAT(refusal_of(sample, limits), Catch::Contains("file-too-large"));
}

TEST_CASE("attachments end at their limits, one by one and together") {
  Limits limits;
  limits.attachment_bytes = 300;
  CHECK(refusal_of(sample_edxml("", encoded(sample_attachment("a.txt", std::string(300, 'a')))), limits) == "accepted");
  CHECK_THAT(refusal_of(sample_edxml("", encoded(sample_attachment("a.txt", std::string(301, 'a')))), limits),
             Catch::Contains("bytes of an attachment beyond the limit of 300"));
  limits.staged_bytes = 500;
  CHECK_THAT(
      refusal_of(sample_edxml("", encoded(repeated(sample_attachment("a.txt", std::string(251, 'a')), 2))), limits),
      Catch::Contains("bytes of all attachments beyond the limit of 500"));
}

TEST_CASE("a zip bomb is refused, a zip within the limits is unpacked") {
  Limits limits;
  limits.expansion_free_bytes = 1000;
  const auto zipped = [](std::size_t n) {
    return sample_edxml("", encoded(sample_attachment("a.txt", zip({{"x", std::string(n, 'a')}}))));
  };
  CHECK(refusal_of(zipped(1000), limits) == "accepted");
  CHECK_THAT(refusal_of(zipped(1 << 20), limits), Catch::Contains("unpacks to more than the limits allow"));
  CHECK_THAT(refusal_of(zipped(40 << 20)), Catch::Contains("unpacks to more than the limits allow"));
}

TEST_CASE("a zip that is encrypted, of several entries, damaged or empty stays what it is") {
  const std::string one = zip({{"../../x", std::string(5000, 'a')}});
  std::string damaged = one;
  const auto length = [&](std::size_t at) { return load_le<std::uint16_t>(as_bytes(one).data() + at); };
  char& packed = damaged[30U + length(26) + length(28) + 4U];  // after the entry's header, its name and what follows it
  packed = static_cast<char>(packed ^ 0x55);
  for (const std::string& content : {zip({{"a", "1"}, {"b", "2"}}), zip({{"a", "1"}}, "zip:encryption=traditional"),
                                     damaged, one.substr(0, 40), std::string("PK\x03\x04")}) {
    const TemporaryFolder staging;
    const auto file = read_text(sample_edxml("", encoded(sample_attachment("a.bin", content))), staging);
    INFO(outcome(file));
    REQUIRE(file);
    const Attachment& attachment = std::get<Message>(file->content).attachments.at(0);
    CHECK(content_of(attachment.path) == content);
    CHECK(attachment.media_type == "application/zip");
    CHECK(staging.files() == 1);
  }
}

TEST_CASE("a file of 90 MiB is read in 16 MiB of memory") {
  const TemporaryFolder folder;
  std::string noise(3 << 20, '\0');
  std::uint64_t state = 88172645463325252U;
  for (char& c : noise) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    c = static_cast<char>(state);
  }
  const std::string base64 = to_base64(as_bytes(noise));
  const std::string path = folder.path() + "/large.edxml", text = sample_edxml();
  {
    std::ofstream out(path, std::ios::binary);
    out << text.substr(0, text.size() - 9) << "<AttachmentEncoded><Attachment><ContentTransferEncoded>";
    for (std::size_t written = 0; written < (90U << 20); written += base64.size()) out << base64;
    out << "</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>";
  }
  const TemporaryFolder staging;
  ::malloc_trim(0);                             // what tests before this one left
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew
  const std::size_t before = status_kib("VmRSS");
  const auto started = std::chrono::steady_clock::now();
  const auto file = read_path(path, staging);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  const std::size_t grown = status_kib("VmHWM") - std::min(status_kib("VmHWM"), before);
  INFO(outcome(file));
  REQUIRE(file);
  std::printf("90 MiB: %lld ms, peak memory %zu KiB more than before\n", static_cast<long long>(took.count()), grown);
  CHECK(std::get<Message>(file->content).attachments.at(0).size == 23 * noise.size());
  CHECK((sanitized() || grown <= 16 << 10));
}
