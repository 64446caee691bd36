// MessagePack without extensions and floats: maps become Map, integers BigInt, binary Buffer, text string.

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(size) {
    if (this.at + size > this.bytes.length) throw new Error('the MessagePack ends too early');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  unsigned(size) {
    return BigInt(`0x${this.take(size).toString('hex')}`);
  }

  text(size) {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(this.take(size));
  }

  array(count) {
    return Array.from({length: count}, () => this.value());
  }

  map(count) {
    const pairs = new Map();
    for (let i = 0; i < count; ++i) {
      const key = this.value();
      if (pairs.has(key)) throw new Error(`the key ${key} comes twice`);
      pairs.set(key, this.value());
    }
    return pairs;
  }

  value() {
    const [type] = this.take(1);
    if (type < 0x80) return BigInt(type);
    if (type < 0x90) return this.map(type & 0x0f);
    if (type < 0xa0) return this.array(type & 0x0f);
    if (type < 0xc0) return this.text(type & 0x1f);
    if (type >= 0xe0) return BigInt(type) - 256n;
    switch (type) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return this.take(Number(this.unsigned(1 << (type - 0xc4))));
      case 0xcc: case 0xcd: case 0xce: case 0xcf: return this.unsigned(1 << (type - 0xcc));
      case 0xd0: case 0xd1: case 0xd2: case 0xd3: {
        const size = 1 << (type - 0xd0);
        return BigInt.asIntN(8 * size, this.unsigned(size));
      }
      case 0xd9: case 0xda: case 0xdb: return this.text(Number(this.unsigned(1 << (type - 0xd9))));
      case 0xdc: case 0xdd: return this.array(Number(this.unsigned(2 << (type - 0xdc))));
      case 0xde: case 0xdf: return this.map(Number(this.unsigned(2 << (type - 0xde))));
      default: throw new Error(`a MessagePack type that is not used here: ${type}`);
    }
  }
}

export function decode(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (reader.at !== bytes.length) throw new Error('there are bytes behind the MessagePack');
  return value;
}
