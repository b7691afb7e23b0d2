/** Archives as an attacker writes them: with a right checksum and nothing else that need be right. */

export interface Header {
	name: string;
	type?: string;
	target?: string;
	data?: string | Buffer;
	/** Raw bytes of fields, by their offset. */
	raw?: Record<number, Buffer>;
}

export function entry({name, type = '0', target = '', data = '', raw = {}}: Header): Buffer {
	const bytes = Buffer.from(data);
	const header = Buffer.alloc(512);
	header.write(name, 0, 100);
	header.write('0000777\0', 100);
	header.write('0000000\0', 108);
	header.write('0000000\0', 116);
	header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
	header.write('00000000000\0', 136);
	header.write(type, 156);
	header.write(target, 157, 100);
	header.write('ustar\u000000', 257);
	for (const [offset, value] of Object.entries(raw)) {
		value.copy(header, Number(offset));
	}

	header.write('        ', 148);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

export const end = Buffer.alloc(1024);

export const archive = (...entries: Header[]) => Buffer.concat([...entries.map(entry), end]);

/** One pax record, `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
export function record(text: string): string {
	const rest = Buffer.byteLength(text) + 2;
	const digits = String(rest + String(rest).length).length;
	return `${rest + digits} ${text}\n`;
}
