// Writes the evidence of a log that the other verifiers are to judge: checkpoints, tiles, entries and proofs.
//
//   vkey, vkey.next          the verifier keys; from half of the records on, both keys sign
//   checkpoint, checkpoint.N the signed checkpoints, the newest and each one
//   tile/...                 the tiles and entry bundles of each checkpoint's size
//   I.N.tlog-proof           the proof of record I in checkpoint N
//   log.json                 {"sizes": [...], "proofs": [{"file", "index", "size", "leaf", "hashes"}],
//                            "consistency": [{"old", "new", "hashes"}]}, hashes in hex
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"
#include "hub/crypto/tiles.hpp"
#include "hub/crypto/tlog_proof.hpp"
#include "tests/support/tree_rows.hpp"

namespace hub::crypto {
namespace {

constexpr const char* kOrigin = "hub.test/so-ghi";

SigningKey fixed_key(std::uint8_t seed) { return SigningKey::from_seed({seed}); }

class LogWriter {
 public:
  // Two logs of other forks differ in the record at `fork`.
  LogWriter(std::filesystem::path folder, std::uint64_t records, std::uint64_t fork)
      : folder_(std::move(folder)), records_(records), fork_(fork) {}

  void write() {
    for (std::uint64_t i = 0; i < records_; ++i) rows_.add(leaf_hash(as_bytes(entry(i))));
    write_file("vkey", verifier_key({kOrigin, signers_[0].key.public_key()}) + "\n");
    write_file("vkey.next", verifier_key({kOrigin, signers_[1].key.public_key()}) + "\n");
    for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{255}, std::uint64_t{256},
                                     std::uint64_t{257}, records_ / 2, records_})
      write_size(size);
    write_file("checkpoint", notes_.at(records_));
    write_consistency();
    write_file("log.json", json_.dump(1));
  }

 private:
  std::string entry(std::uint64_t index) const {
    return "record " + std::to_string(index) + std::string(index % 7, '.') + (index == fork_ ? " of another log" : "");
  }

  void write_file(const std::string& path, std::string_view bytes) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream file(folder_ / path, std::ios::binary);
    file << bytes << std::flush;
    HUB_CHECK(file.good());
  }

  void write_size(std::uint64_t size) {
    const std::string text = checkpoint_text({kOrigin, size, root(rows_, size).value()});
    notes_[size] = sign_note(text, std::span(signers_).first(size < records_ / 2 ? 1 : 2));
    write_file("checkpoint." + std::to_string(size), notes_[size]);
    json_["sizes"].push_back(size);
    for (const Tile& tile : tiles_of(size)) write_file(tile_path(tile), tile_bytes(tile));
    for (const std::uint64_t index : {std::uint64_t{0}, size / 3, size - 1}) write_proof(index, size);
  }

  std::string tile_bytes(const Tile& tile) const {
    const std::uint64_t first = tile.index * kTileWidth;
    Buffer out;
    if (tile.kind == TileKind::entries) {
      for (std::uint64_t i = first; i < first + tile.width; ++i) HUB_CHECK(append_entry(out, as_bytes(entry(i))));
    } else {
      for (const Digest& hash : rows_.row(tile.row).subspan(first, tile.width)) append(out, hash);
    }
    return std::string(as_text(out));
  }

  void write_proof(std::uint64_t index, std::uint64_t size) {
    const TlogProof proof{index % 2 == 0 ? Buffer{} : Buffer{1, 2, 3}, index,
                          inclusion_proof(rows_, index, size).value(), notes_.at(size)};
    const std::string file = std::to_string(index) + "." + std::to_string(size) + ".tlog-proof";
    write_file(file, write_tlog_proof(proof));
    json_["proofs"].push_back({{"file", file},
                               {"index", index},
                               {"size", size},
                               {"leaf", to_hex(leaf_hash(as_bytes(entry(index))))},
                               {"hashes", hex_of(proof.hashes)}});
  }

  void write_consistency() {
    for (const auto& [old_size, old_note] : notes_)
      for (const auto& [new_size, new_note] : notes_)
        if (old_size <= new_size)
          json_["consistency"].push_back({{"old", old_size},
                                          {"new", new_size},
                                          {"hashes", hex_of(consistency_proof(rows_, old_size, new_size).value())}});
  }

  static std::vector<std::string> hex_of(const std::vector<Digest>& hashes) {
    std::vector<std::string> out;
    for (const Digest& hash : hashes) out.push_back(to_hex(hash));
    return out;
  }

  std::filesystem::path folder_;
  std::uint64_t records_, fork_;
  std::vector<NoteSigner> signers_ = {{kOrigin, fixed_key(1)}, {kOrigin, fixed_key(2)}};
  TreeRows rows_;
  std::map<std::uint64_t, std::string> notes_;  // the signed checkpoints by size
  nlohmann::json json_;
};

}  // namespace
}  // namespace hub::crypto

int main(int argc, char** argv) {
  CLI::App app{"Writes a log's evidence for other verifiers"};
  std::filesystem::path folder;
  std::uint64_t records = 700, fork = UINT64_MAX;
  app.add_option("folder", folder)->required();
  app.add_option("--records", records)->check(CLI::Range(600, 100'000));
  app.add_option("--fork", fork, "the record that differs from the log without this option");
  CLI11_PARSE(app, argc, argv);
  hub::crypto::initialise();
  hub::crypto::LogWriter(folder, records, fork).write();
}
