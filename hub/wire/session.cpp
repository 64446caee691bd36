#include "hub/wire/session.hpp"

#include "hub/wire/fields.hpp"

namespace hub::wire {
void write(Buffer& out, const Hello& m) {
  const bool with_software = !m.software.empty();
  Fields f(out, Kind::hello, 10u + (m.journal_id ? 1 : 0) + (with_software ? 1 : 0) + (m.tree_seen ? 1 : 0));
  f.number(1, m.version_min);
  f.number(2, m.version_max);
  f.text(3, m.endpoint);
  f.number(4, static_cast<std::uint64_t>(m.connection));
  if (m.journal_id) f.bytes(5, *m.journal_id);
  f.number(6, m.deliveries_stored.value);
  f.number(7, m.receipts_stored.value);
  f.number(8, m.deliveries_window_items);
  f.number(9, m.deliveries_window_bytes);
  f.number(10, m.receipts_window_items);
  f.number(11, m.position_seen.value);
  if (with_software) f.text(12, m.software);
  if (m.tree_seen) f.number(128, *m.tree_seen);
}

Result<Hello> read_hello(ByteView payload) {
  return read_fields<Hello>(payload, bits({1, 2, 3, 4, 6, 7, 8, 9, 10, 11}),
                            [](Hello& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1: m.version_min = in.unsigned_integer(); break;
      case 2: m.version_max = in.unsigned_integer(); break;
      case 3: m.endpoint = in.text(kNameBytesMax); break;
      case 4: m.connection = in.unsigned_integer() == 0 ? Connection::main : Connection::bulk; break;
      case 5: m.journal_id = in.fixed_binary<16>(); break;
      case 6: m.deliveries_stored = StreamSequence(in.unsigned_integer()); break;
      case 7: m.receipts_stored = StreamSequence(in.unsigned_integer()); break;
      case 8: m.deliveries_window_items = in.unsigned_integer(); break;
      case 9: m.deliveries_window_bytes = in.unsigned_integer(); break;
      case 10: m.receipts_window_items = in.unsigned_integer(); break;
      case 11: m.position_seen = Position(in.unsigned_integer()); break;
      case 12: m.software = in.text(kNameBytesMax); break;
      case 128: m.tree_seen = in.unsigned_integer(); break;
      default: return false;
    }
    return true;
  });
}

void write(Buffer& out, const Welcome& m) {
  Fields f(out, Kind::welcome, 17u + (m.bulk_port != 0 ? 1 : 0));
  f.number(1, m.version);
  f.text(2, m.origin);
  f.bytes(3, m.journal_id);
  f.field(4).pack_int64(m.time.value);
  f.number(5, m.session.value);
  f.text(6, m.party);
  f.number(7, m.durable_end.value);
  f.number(8, m.deliveries_next.value);
  f.number(9, m.receipts_next.value);
  f.number(10, m.frame_bytes_max);
  f.number(11, m.document_bytes_max);
  f.number(12, m.batch_documents_max);
  f.number(13, m.recipients_max);
  f.number(14, m.submit_window_documents);
  f.number(15, m.submit_window_bytes);
  f.number(16, m.heartbeat_millis);
  f.number(17, m.heartbeats_missed_max);
  if (m.bulk_port != 0) f.number(128, m.bulk_port);
}

Result<Welcome> read_welcome(ByteView payload) {
  return read_fields<Welcome>(payload, bits_up_to(17), [](Welcome& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1: m.version = in.unsigned_integer(); break;
      case 2: m.origin = in.text(kNameBytesMax); break;
      case 3: m.journal_id = in.fixed_binary<16>(); break;
      case 4: m.time = UnixMicros(in.integer()); break;
      case 5: m.session = SessionId(in.unsigned_integer()); break;
      case 6: m.party = in.text(kNameBytesMax); break;
      case 7: m.durable_end = Position(in.unsigned_integer()); break;
      case 8: m.deliveries_next = StreamSequence(in.unsigned_integer()); break;
      case 9: m.receipts_next = StreamSequence(in.unsigned_integer()); break;
      case 10: m.frame_bytes_max = in.unsigned_integer(); break;
      case 11: m.document_bytes_max = in.unsigned_integer(); break;
      case 12: m.batch_documents_max = in.unsigned_integer(); break;
      case 13: m.recipients_max = in.unsigned_integer(); break;
      case 14: m.submit_window_documents = in.unsigned_integer(); break;
      case 15: m.submit_window_bytes = in.unsigned_integer(); break;
      case 16: m.heartbeat_millis = in.unsigned_integer(); break;
      case 17: m.heartbeats_missed_max = in.unsigned_integer(); break;
      case 128: {
        const std::uint64_t port = in.unsigned_integer();
        if (port == 0 || port > 65'535) in.fail_here("there is no such port");
        m.bulk_port = static_cast<std::uint16_t>(port);
        break;
      }
      default: return false;
    }
    return true;
  });
}

void write(Buffer& out, const CheckpointMessage& m) {
  Fields f(out, Kind::checkpoint, 2);
  f.text(1, m.note);
  f.bytes(2, m.proof);
}

Result<CheckpointMessage> read_checkpoint(ByteView payload) {
  return read_fields<CheckpointMessage>(
      payload, bits_up_to(2), [](CheckpointMessage& m, std::uint64_t field, FieldReader& in) {
        switch (field) {
          case 1: m.note = in.text(kCheckpointBytesMax); break;
          case 2:
            m.proof = in.binary(kConsistencyHashesMax * 32);
            if (m.proof.size() % 32 != 0) in.fail_here("digests of 32 bytes were expected");
            break;
          default: return false;
        }
        return true;
      });
}

void write(Buffer& out, const Acknowledge& m) {
  Fields f(out, Kind::acknowledge, 4);
  f.number(1, static_cast<std::uint64_t>(m.stream));
  f.number(2, m.stored.value);
  f.number(3, m.window_items);
  f.number(4, m.window_bytes);
}

Result<Acknowledge> read_acknowledge(ByteView payload) {
  return read_fields<Acknowledge>(payload, bits_up_to(4), [](Acknowledge& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1: {
        const std::uint64_t stream = in.unsigned_integer();
        if (stream != 1 && stream != 2) in.fail_here("there is no such stream");
        m.stream = static_cast<Stream>(stream);
        break;
      }
      case 2: m.stored = StreamSequence(in.unsigned_integer()); break;
      case 3: m.window_items = in.unsigned_integer(); break;
      case 4: m.window_bytes = in.unsigned_integer(); break;
      default: return false;
    }
    return true;
  });
}

void write(Buffer& out, const Credential& m) {
  Fields f(out, Kind::credential, 2);
  f.number(1, m.request);
  f.text(2, m.text);
}

Result<Credential> read_credential(ByteView payload) {
  return read_fields<Credential>(payload, bits_up_to(2), [](Credential& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1: m.request = in.unsigned_integer(); break;
      case 2: m.text = in.text(kCredentialBytesMax); break;
      default: return false;
    }
    return true;
  });
}

void write(Buffer& out, const Credentials& m) {
  Fields f(out, Kind::credentials, 1);
  Packer& packer = f.field(1);
  packer.pack_array(static_cast<std::uint32_t>(m.texts.size()));
  for (const std::string_view text : m.texts) pack_text(packer, text);
}

Result<Credentials> read_credentials(ByteView payload) {
  return read_fields<Credentials>(payload, bits_up_to(1), [](Credentials& m, std::uint64_t field, FieldReader& in) {
    if (field != 1) return false;
    const std::uint32_t count = in.array(kFrameBytesMax);
    for (std::uint32_t i = 0; i < count && !in.failed(); ++i) m.texts.push_back(in.text(kCredentialBytesMax));
    return true;
  });
}

void write(Buffer& out, const Answer& m) {
  Fields f(out, Kind::answer, m.refusal ? 4 : 2);
  f.number(1, m.request);
  if (m.refusal) f.error(2, 3, *m.refusal);
  f.number(4, m.position.value);
}

Result<Answer> read_answer(ByteView payload) {
  return read_fields<Answer>(payload, bits({1, 4}), [](Answer& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1: m.request = in.unsigned_integer(); break;
      case 2:
        if (const auto code = read_code(in)) m.refusal = Error{*code, {}};
        break;
      case 3: {
        auto facts = in.facts();
        if (m.refusal) m.refusal->facts = std::move(facts);
        break;
      }
      case 4: m.position = Position(in.unsigned_integer()); break;
      default: return false;
    }
    return true;
  });
}

void write(Buffer& out, const Heartbeat& m) {
  Fields f(out, Kind::heartbeat, 1);
  f.field(1).pack_int64(m.time.value);
}

Result<Heartbeat> read_heartbeat(ByteView payload) {
  return read_fields<Heartbeat>(payload, bits_up_to(1), [](Heartbeat& m, std::uint64_t field, FieldReader& in) {
    if (field != 1) return false;
    m.time = UnixMicros(in.integer());
    return true;
  });
}

void write(Buffer& out, const Goodbye& m) {
  Fields f(out, Kind::goodbye, m.reason ? 2 : 0);
  if (m.reason) f.error(1, 2, *m.reason);
}

Result<Goodbye> read_goodbye(ByteView payload) {
  return read_fields<Goodbye>(payload, 0, [](Goodbye& m, std::uint64_t field, FieldReader& in) {
    if (field == 1) {
      if (const auto code = read_code(in)) m.reason = Error{*code, {}};
    } else if (field == 2) {
      auto facts = in.facts();
      if (m.reason) m.reason->facts = std::move(facts);
    } else {
      return false;
    }
    return true;
  });
}

void write(Buffer& out, const ErrorMessage& m) {
  Fields f(out, Kind::error, m.batch ? 3 : 2);
  f.error(1, 2, m.error);
  if (m.batch) f.number(3, *m.batch);
}

Result<ErrorMessage> read_error(ByteView payload) {
  return read_fields<ErrorMessage>(payload, bits({1, 2}), [](ErrorMessage& m, std::uint64_t field, FieldReader& in) {
    switch (field) {
      case 1:
        if (const auto code = read_code(in)) m.error.code = *code;
        break;
      case 2: m.error.facts = in.facts(); break;
      case 3: m.batch = in.unsigned_integer(); break;
      default: return false;
    }
    return true;
  });
}

}  // namespace hub::wire
