#include "hub/wire/bulk.hpp"

#include "hub/wire/fields.hpp"

namespace hub::wire {
namespace {

std::uint64_t read_transfer(FieldReader& in) {
  const std::uint64_t transfer = in.unsigned_integer();
  if (transfer == 0) in.fail_here("a transfer's number is 1 or more");
  return transfer;
}

std::uint64_t read_credit(FieldReader& in) {
  const std::uint64_t credit = in.unsigned_integer();
  if (credit == 0 || credit > kChunkCreditMax) in.fail_here("the credit is 1 to 8 chunks");
  return credit;
}

// A message of a transfer and an offset.
template <class M>
void write_offset(Buffer& out, Kind kind, const M& m) {
  Fields f(out, kind, 2);
  f.number(1, m.transfer);
  f.number(2, m.offset);
}

template <class M>
Result<M> read_offset(ByteView payload) {
  return read_fields<M>(payload, bits_up_to(2), [](M& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1:
        m.transfer = read_transfer(in);
        break;
      case 2:
        m.offset = in.unsigned_integer();
        break;
      default:
        return false;
    }
    return true;
  });
}

}  // namespace

void write(Buffer& out, const Put& m) {
  Fields f(out, Kind::put, 3);
  f.number(1, m.transfer);
  f.bytes(2, m.digest);
  f.number(3, m.size);
}

Result<Put> read_put(ByteView payload) {
  return read_fields<Put>(payload, bits_up_to(3), [](Put& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1:
        m.transfer = read_transfer(in);
        break;
      case 2:
        m.digest = in.fixed_binary<32>();
        break;
      case 3:
        m.size = in.unsigned_integer();
        break;
      default:
        return false;
    }
    return true;
  });
}

void write(Buffer& out, const PutFrom& m) { write_offset(out, Kind::put_from, m); }
Result<PutFrom> read_put_from(ByteView payload) { return read_offset<PutFrom>(payload); }

void write(Buffer& out, Kind kind, const Chunk& m) {
  Fields f(out, kind, 3);
  f.number(1, m.transfer);
  f.number(2, m.offset);
  f.bytes(3, m.bytes);
}

Result<Chunk> read_chunk(ByteView payload) {
  return read_fields<Chunk>(payload, bits_up_to(3), [](Chunk& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1:
        m.transfer = read_transfer(in);
        break;
      case 2:
        m.offset = in.unsigned_integer();
        break;
      case 3:
        m.bytes = in.binary(kChunkBytesMax);
        if (m.bytes.empty()) in.fail_here("a chunk has bytes");
        break;
      default:
        return false;
    }
    return true;
  });
}

void write(Buffer& out, const ChunkStored& m) { write_offset(out, Kind::chunk_stored, m); }
Result<ChunkStored> read_chunk_stored(ByteView payload) { return read_offset<ChunkStored>(payload); }

void write(Buffer& out, const ContentIsStored& m) {
  Fields f(out, Kind::content_stored, 1);
  f.number(1, m.transfer);
}

Result<ContentIsStored> read_content_stored(ByteView payload) {
  return read_fields<ContentIsStored>(payload, bits_up_to(1),
                                      [](ContentIsStored& m, std::uint64_t field, FieldReader& in) {
                                        if (field != 1) return false;
                                        m.transfer = read_transfer(in);
                                        return true;
                                      });
}

void write(Buffer& out, const Get& m) {
  Fields f(out, Kind::get, 6);
  f.number(1, m.transfer);
  f.number(2, m.document.value);
  f.number(3, m.outcome_index);
  f.number(4, m.attachment);
  f.number(5, m.offset);
  f.number(6, m.credit);
}

Result<Get> read_get(ByteView payload) {
  return read_fields<Get>(payload, bits_up_to(6), [](Get& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1:
        m.transfer = read_transfer(in);
        break;
      case 2:
        m.document = Position(in.unsigned_integer());
        break;
      case 3: {
        const std::uint64_t index = in.unsigned_integer();
        if (index >= kRecipientsMax) in.fail_here("there is no such outcome index");
        m.outcome_index = static_cast<std::uint8_t>(index);
        break;
      }
      case 4:
        m.attachment = in.unsigned_integer();
        break;
      case 5:
        m.offset = in.unsigned_integer();
        break;
      case 6:
        m.credit = read_credit(in);
        break;
      default:
        return false;
    }
    return true;
  });
}

void write(Buffer& out, const More& m) {
  Fields f(out, Kind::more, 2);
  f.number(1, m.transfer);
  f.number(2, m.credit);
}

Result<More> read_more(ByteView payload) {
  return read_fields<More>(payload, bits_up_to(2), [](More& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1:
        m.transfer = read_transfer(in);
        break;
      case 2:
        m.credit = read_credit(in);
        break;
      default:
        return false;
    }
    return true;
  });
}

void write(Buffer& out, const ContentRefused& m) {
  Fields f(out, Kind::content_refused, 3);
  f.number(1, m.transfer);
  f.error(2, 3, m.error);
}

Result<ContentRefused> read_content_refused(ByteView payload) {
  return read_fields<ContentRefused>(payload, bits_up_to(3),
                                     [](ContentRefused& m, std::uint64_t field, FieldReader& in) {
                                       switch (field) {
                                         case 1:
                                           m.transfer = read_transfer(in);
                                           break;
                                         case 2:
                                           if (const auto code = read_code(in)) m.error.code = *code;
                                           break;
                                         case 3:
                                           m.error.facts = in.facts();
                                           break;
                                         default:
                                           return false;
                                       }
                                       return true;
                                     });
}

}  // namespace hub::wire
