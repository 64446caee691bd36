// MessagePack without extensions and floats: maps become Map, integers bigint, binary bytes, text string.
import type {Bytes} from './bytes';
import {fail} from './bytes';

export type Value = null | boolean | bigint | string | Bytes | Value[] | Map<Value, Value>;
const DEPTH_MAX = 16;

class Reader {
  at = 0;
  constructor(readonly bytes: Bytes) {}

  take(size: number): Bytes {
    if (this.at + size > this.bytes.length) fail('the MessagePack ends too early');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
  unsigned(size: number): bigint {
    return this.take(size).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }
  size(bytes: number): number {
    return Number(this.unsigned(bytes));
  }
  text(size: number): string {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(this.take(size));
  }
  array(count: number, depth: number): Value[] {
    if (count > this.bytes.length) fail('the MessagePack ends too early');
    return Array.from({length: count}, () => this.value(depth + 1));
  }
  map(count: number, depth: number): Map<Value, Value> {
    const pairs = new Map<Value, Value>();
    for (let i = 0; i < count; ++i) {
      const key = this.value(depth + 1);
      if (pairs.has(key)) fail(`the key ${key} comes twice`);
      pairs.set(key, this.value(depth + 1));
    }
    return pairs;
  }

  value(depth = 0): Value {
    if (depth > DEPTH_MAX) fail('the MessagePack is too deep');
    const type = this.take(1)[0]!;
    if (type < 0x80) return BigInt(type);
    if (type < 0x90) return this.map(type & 0x0f, depth);
    if (type < 0xa0) return this.array(type & 0x0f, depth);
    if (type < 0xc0) return this.text(type & 0x1f);
    if (type >= 0xe0) return BigInt(type) - 256n;
    switch (type) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return this.take(this.size(1 << (type - 0xc4)));
      case 0xcc: case 0xcd: case 0xce: case 0xcf: return this.unsigned(1 << (type - 0xcc));
      case 0xd0: case 0xd1: case 0xd2: case 0xd3: {
        const size = 1 << (type - 0xd0);
        return BigInt.asIntN(8 * size, this.unsigned(size));
      }
      case 0xd9: case 0xda: case 0xdb: return this.text(this.size(1 << (type - 0xd9)));
      case 0xdc: case 0xdd: return this.array(this.size(2 << (type - 0xdc)), depth);
      case 0xde: case 0xdf: return this.map(this.size(2 << (type - 0xde)), depth);
      default: return fail(`a MessagePack type that is not used here: ${type}`);
    }
  }
}

export function decode(bytes: Bytes): Value {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (reader.at !== bytes.length) fail('there are bytes behind the MessagePack');
  return value;
}

// Fields as the formats have them; each throws when the value is of another kind.
export class Fields {
  constructor(private readonly value: Value) {
    if (!(value instanceof Map)) fail('a map was expected');
  }
  static of = (bytes: Bytes) => new Fields(decode(bytes));
  get(name: number): Value | undefined {
    return (this.value as Map<Value, Value>).get(BigInt(name));
  }
}
export const asInteger = (value: Value | undefined) => (typeof value === 'bigint' ? value : fail('an integer was expected'));
export const asText = (value: Value | undefined) => (typeof value === 'string' ? value : fail('a text was expected'));
export const asBytes = (value: Value | undefined, size?: number): Bytes =>
  value instanceof Uint8Array && (size === undefined || value.length === size) ? value : fail('bytes were expected');
export const asList = (value: Value | undefined, size?: number): Value[] =>
  Array.isArray(value) && (size === undefined || value.length === size) ? value : fail('a list was expected');
