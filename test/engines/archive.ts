/** An image as `docker save` writes one, around a layer that is there already. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

export async function writeArchive(directory: string, layer: string, name: string): Promise<string> {
	const at = path.join(directory, 'archive');
	fs.mkdirSync(at);
	fs.copyFileSync(layer, path.join(at, 'layer.tar'));
	const rootfs = {type: 'layers', diff_ids: [`sha256:${sha256(fs.readFileSync(layer))}`]};
	const settings = {Cmd: ['/bin/sleep', '100000'], Env: ['PATH=/bin:/usr/bin']};
	const config = Buffer.from(JSON.stringify({architecture: 'amd64', os: 'linux', config: settings, rootfs}));
	fs.writeFileSync(path.join(at, `${sha256(config)}.json`), config);
	const manifest = [{Config: `${sha256(config)}.json`, RepoTags: [name], Layers: ['layer.tar']}];
	fs.writeFileSync(path.join(at, 'manifest.json'), JSON.stringify(manifest));
	await execa('tar', ['-C', at, '-cf', path.join(directory, 'archive.tar'), '.']);
	return path.join(directory, 'archive.tar');
}
