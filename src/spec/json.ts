/**
 * The helper's JSON reader (shim/json.c) in TypeScript, step by step the same, so that both refuse the same documents for
 * the same reason: no duplicate keys, no fractions or exponents, no NUL, no lone surrogates, bounded depth and size.
 */
import {pointerOf, SpecError} from './error.js';

export type Json = null | boolean | number | bigint | string | Json[] | {[key: string]: Json};

export interface JsonLimits {
	bytes: number;
	/** Arrays and objects inside each other. */
	depth: number;
}

const MAX_MEMBERS = 1024;
const MAX_UINT64 = 2n ** 64n - 1n;
/** Of 2^64-1; a number with more is out of range, however many there are. */
const MAX_DIGITS = 20;
const MIN_INT64_MAGNITUDE = 2n ** 63n;

const WORDS: [string, Json][] = [
	['true', true],
	['false', false],
	['null', null],
];
const ESCAPES = new Map([...'"\\/bfnrt'].map((letter, i) => [letter, '"\\/\b\f\n\r\t'.charAt(i)]));

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const DIGITS = /[0-9]*/y;
const SPACE = /[ \t\n\r]*/y;

/** Integers that a number cannot hold exactly come back as bigint. */
export const readJson = (text: string, limits: JsonLimits): Json => new JsonReader(text, limits).read();

const isTooLarge = (text: string, bytes: number): boolean =>
	// A UTF-16 unit is 1 to 3 bytes of UTF-8: counting is rarely needed.
	text.length > bytes || (text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes);

class JsonReader {
	private at = 0;
	private readonly path: (string | number)[] = [];
	private depth: number;

	constructor(
		private readonly text: string,
		private readonly limits: JsonLimits,
	) {
		this.depth = limits.depth;
	}

	read(): Json {
		if (isTooLarge(this.text, this.limits.bytes)) this.fail(`larger than ${this.limits.bytes} bytes`);
		if (/\p{Surrogate}/u.test(this.text)) this.fail('not valid UTF-8');
		const value = this.value();
		if (this.peek() !== '') this.fail('something after the value');
		return value;
	}

	private fail(what: string): never {
		throw new SpecError(pointerOf(this.path), what);
	}

	private match(pattern: RegExp): string {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0] ?? '';
		this.at += found.length;
		return found;
	}

	/** The next character after white space; '' at the end. */
	private peek(): string {
		this.match(SPACE);
		return this.text.charAt(this.at);
	}

	private take(character: string): boolean {
		if (this.peek() !== character) return false;
		this.at++;
		return true;
	}

	private below<T>(key: string | number, read: () => T): T {
		this.path.push(key);
		const value = read();
		this.path.pop();
		return value;
	}

	private value(): Json {
		const first = this.peek();
		if (first === '{' || first === '[') return this.nested(first);
		if (first === '-' || (first >= '0' && first <= '9')) return this.number();
		if (first !== '"') return this.word();
		this.at++;
		return this.string();
	}

	private nested(open: '{' | '['): Json {
		if (this.depth === 0) this.fail('nested too deeply');
		this.depth--;
		this.at++;
		const value = open === '{' ? this.object() : this.array();
		this.depth++;
		return value;
	}

	private array(): Json[] {
		const items: Json[] = [];
		if (this.take(']')) return items;
		do items.push(this.below(items.length, () => this.value()));
		while (this.take(','));
		if (!this.take(']')) this.fail('not JSON');
		return items;
	}

	private object(): Json {
		const object: {[key: string]: Json} = {};
		let count = 0;
		if (this.take('}')) return object;
		do this.member(object, count++);
		while (this.take(','));
		if (!this.take('}')) this.fail('not JSON');
		return object;
	}

	private member(object: {[key: string]: Json}, count: number): void {
		if (!this.take('"')) this.fail('not JSON');
		const key = this.string();
		if (Object.hasOwn(object, key)) this.below(key, () => this.fail('duplicate key'));
		if (count === MAX_MEMBERS) this.fail(`more than ${MAX_MEMBERS} keys`);
		if (!this.take(':')) this.fail('not JSON');
		const value = this.below(key, () => this.value());
		// Plain assignment to `__proto__` would set the prototype.
		Object.defineProperty(object, key, {value, enumerable: true, writable: true, configurable: true});
	}

	/** After the opening quote. */
	private string(): string {
		let text = '';
		for (;;) {
			text += this.match(PLAIN);
			const end = this.text.charAt(this.at++);
			if (end === '"') return text;
			if (end === '') this.fail('string does not end');
			if (end !== '\\') this.fail('control character in a string');
			text += this.escape();
		}
	}

	private escape(): string {
		const letter = this.text.charAt(this.at++);
		return letter === 'u' ? this.unicodeEscape() : (ESCAPES.get(letter) ?? this.fail('bad escape'));
	}

	private unicodeEscape(): string {
		const unit = this.hex();
		if (Number.isNaN(unit)) this.fail('bad escape');
		if (unit === 0) this.fail('NUL in a string');
		if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
		const paired = unit < 0xdc00 && this.text.startsWith('\\u', this.at);
		this.at += 2;
		const low = paired ? this.hex() : 0;
		return low >= 0xdc00 && low <= 0xdfff ? String.fromCharCode(unit, low) : this.fail('lone surrogate');
	}

	private hex(): number {
		return Number.parseInt(this.match(HEX), 16);
	}

	private number(): number | bigint {
		const negative = this.text.charAt(this.at) === '-';
		if (negative) this.at++;
		const digits = this.match(DIGITS);
		const significant = digits.replace(/^0+/, '');
		const magnitude = BigInt(significant.slice(0, MAX_DIGITS + 1));
		if (magnitude > (negative ? MIN_INT64_MAGNITUDE : MAX_UINT64)) this.fail('number out of range');
		if (!/^(0|[1-9][0-9]*)$/.test(digits)) this.fail('not JSON');
		if (/^[.eE]/.test(this.text.charAt(this.at))) this.fail('must be an integer');
		const value = negative ? -magnitude : magnitude;
		return Number.isSafeInteger(Number(value)) ? Number(value) : value;
	}

	private word(): Json {
		for (const [word, value] of WORDS) {
			if (!this.text.startsWith(word, this.at)) continue;
			this.at += word.length;
			return value;
		}
		return this.fail('not JSON');
	}
}
