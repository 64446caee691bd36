#include "hub/wire/submit.hpp"

namespace hub::wire {

void write(Buffer& out, const Submit& m) {
  start_frame(out, Kind::submit);
  BufferStream stream{out};
  Packer packer(stream);
  packer.pack_map(4);
  packer.pack_uint8(1);
  packer.pack_uint64(m.batch);
  packer.pack_uint8(2);
  pack_bytes(packer, m.key);
  packer.pack_uint8(3);
  pack_bytes(packer, m.signature);
  packer.pack_uint8(4);
  packer.pack_array(static_cast<std::uint32_t>(m.documents.size()));
  for (const ByteView document : m.documents) pack_bytes(packer, document);
}

Result<void> read_submit(ByteView payload, Submit& out) {
  out.documents.clear();
  FieldReader in(payload);
  std::optional<Error> over;
  while (const auto field = in.next()) {
    switch (*field) {
      case 1: out.batch = in.unsigned_integer(); break;
      case 2: out.key = in.fixed_binary<16>(); break;
      case 3: out.signature = in.fixed_binary<64>(); break;
      case 4: {
        const std::uint32_t count = in.array(kFrameBytesMax);
        if (!in.failed() && count == 0) in.fail_here("a batch holds at least one document");
        if (count > kBatchDocumentsMax)
          over = Error{ErrorCode::batch_too_large,
                       {{"limit", std::to_string(kBatchDocumentsMax)}, {"actual", std::to_string(count)}}};
        for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
          const ByteView document = in.binary(kFrameBytesMax);
          if (document.size() > kDocumentBytesMax && !over)
            over = Error{ErrorCode::document_too_large,
                         {{"limit", std::to_string(kDocumentBytesMax)}, {"actual", std::to_string(document.size())}}};
          // A refused batch is only counted: a frame of empty documents must not grow this into something large.
          if (!over) out.documents.push_back(document);
        }
        break;
      }
      default: in.unknown();
    }
  }
  if (auto done = in.finish(0b11110); !done) return done;
  if (over) return tl::unexpected(*over);
  return {};
}

ResultsWriter::ResultsWriter(Buffer& out, std::uint64_t batch, std::size_t count, std::size_t first)
    : stream_{out}, packer_(stream_) {
  start_frame(out, Kind::results);
  packer_.pack_map(3);
  packer_.pack_uint8(1);
  packer_.pack_uint64(batch);
  packer_.pack_uint8(2);
  packer_.pack_uint64(first);
  packer_.pack_uint8(3);
  packer_.pack_array(static_cast<std::uint32_t>(count));
}

void ResultsWriter::add(const DocumentResult& result) {
  packer_.pack_array(7);
  pack_text(packer_, result.outcome);
  packer_.pack_uint64(result.position.value);
  pack_bytes(packer_, result.leaf);
  packer_.pack_int64(result.time.value);
  if (result.again) {
    packer_.pack_true();
  } else {
    packer_.pack_false();
  }
  packer_.pack_array(static_cast<std::uint32_t>(result.rows.size()));
  for (const ResultRow& row : result.rows) {
    packer_.pack_array(2);
    pack_bytes(packer_, row.row);
    pack_facts(packer_, row.facts);
  }
  pack_facts(packer_, result.facts);
}

namespace {

DocumentResult read_result(FieldReader& in) {
  DocumentResult out;
  if (in.array(7) != 7) in.fail_here("a result has 7 elements");
  out.outcome = in.text(kNameBytesMax);
  out.position = Position(in.unsigned_integer());
  out.leaf = in.fixed_binary<32>();
  out.time = UnixMicros(in.integer());
  out.again = in.boolean();
  const std::uint32_t rows = in.array(kRecipientsMax);
  for (std::uint32_t i = 0; i < rows && !in.failed(); ++i) {
    if (in.array(2) != 2) in.fail_here("a result's row has 2 elements");
    const ByteView row = in.binary(kRowBytesMax);
    out.rows.push_back({row, in.facts()});
  }
  out.facts = in.facts();
  return out;
}

}  // namespace

Result<Results> read_results(ByteView payload) {
  Results out;
  FieldReader in(payload);
  while (const auto field = in.next()) {
    if (*field == 1) {
      out.batch = in.unsigned_integer();
    } else if (*field == 2) {
      const std::uint64_t first = in.unsigned_integer();
      if (first >= kBatchDocumentsMax) in.fail_here("there is no such document in a batch");
      out.first = static_cast<std::uint32_t>(first);
    } else if (*field == 3) {
      const std::uint32_t count = in.array(kBatchDocumentsMax - out.first);
      out.results.reserve(count);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) out.results.push_back(read_result(in));
    } else {
      in.unknown();
    }
  }
  if (auto done = in.finish(0b1110); !done) return tl::unexpected(done.error());
  return out;
}

}  // namespace hub::wire
