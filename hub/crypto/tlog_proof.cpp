#include "hub/crypto/tlog_proof.hpp"

#include "hub/base/check.hpp"
#include "hub/crypto/text_lines.hpp"

namespace hub::crypto {
namespace {

constexpr std::string_view kHead = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

tl::unexpected<Error> invalid_proof(std::size_t line, std::string reason) {
  return fail(ErrorCode::proof_invalid, {{"line", std::to_string(line)}, {"reason", std::move(reason)}});
}

std::size_t index_line(const TlogProof& proof) { return proof.extra.empty() ? 2 : 3; }

}  // namespace

std::string write_tlog_proof(const TlogProof& proof) {
  HUB_CHECK(proof.extra.size() <= kProofExtraBytesMax && proof.hashes.size() <= kProofHashesMax);
  HUB_CHECK(!proof.checkpoint.empty() && proof.checkpoint.size() <= kNoteBytesMax);
  std::string out = std::string(kHead) + "\n";
  if (!proof.extra.empty()) out.append(kExtra).append(to_base64(proof.extra)).append("\n");
  out.append(kIndex).append(std::to_string(proof.index)).append("\n");
  for (const Digest& hash : proof.hashes) out.append(to_base64(hash)).append("\n");
  return out.append("\n").append(proof.checkpoint);
}

Result<TlogProof> read_tlog_proof(std::string_view text) {
  if (text.size() > kProofFileBytesMax)
    return invalid_proof(1, "the file has more than " + std::to_string(kProofFileBytesMax) + " bytes");
  if (take_line(text) != kHead) return invalid_proof(1, "it is not " + std::string(kHead));
  TlogProof proof;
  auto line = take_line(text);
  if (line && line->starts_with(kExtra)) {
    auto extra = from_base64(line->substr(kExtra.size()));
    if (!extra || extra->empty()) return invalid_proof(2, "the extra data is not base64 of one byte or more");
    if (extra->size() > kProofExtraBytesMax)
      return invalid_proof(2, "the extra data has more than " + std::to_string(kProofExtraBytesMax) + " bytes");
    proof.extra = std::move(*extra);
    line = take_line(text);
  }
  const auto index =
      line && line->starts_with(kIndex) ? parse_decimal(line->substr(kIndex.size()), kTreeSizeMax) : std::nullopt;
  if (!index)
    return invalid_proof(index_line(proof), "it is not index and a decimal from 0 to 2^63-1 without leading zeros");
  proof.index = *index;
  for (std::size_t number = index_line(proof) + 1;; ++number) {
    line = take_line(text);
    if (line && line->empty()) break;
    if (proof.hashes.size() == kProofHashesMax)
      return invalid_proof(number, "there are more than " + std::to_string(kProofHashesMax) + " hashes");
    const auto hash = line ? parse_digest(*line) : std::nullopt;
    if (!hash)
      return invalid_proof(number, "it is neither the base64 of 32 bytes nor the blank line before the checkpoint");
    proof.hashes.push_back(*hash);
  }
  if (text.empty() || text.size() > kNoteBytesMax)
    return invalid_proof(index_line(proof) + proof.hashes.size() + 2, "the checkpoint is missing or too long");
  proof.checkpoint = text;
  return proof;
}

Result<Checkpoint> check_tlog_proof(const TlogProof& proof, const Digest& leaf, std::string_view origin,
                                    std::span<const NoteKey> trusted) {
  auto checkpoint = open_checkpoint(proof.checkpoint, origin, trusted);
  if (!checkpoint) return checkpoint;
  if (proof.index >= checkpoint->size)
    return invalid_proof(index_line(proof),
                         "the checkpoint's tree has only " + std::to_string(checkpoint->size) + " records");
  if (!verify_inclusion(leaf, proof.index, checkpoint->size, proof.hashes, checkpoint->root))
    return invalid_proof(index_line(proof), "the hashes do not lead from the record to the checkpoint's root");
  return checkpoint;
}

}  // namespace hub::crypto
