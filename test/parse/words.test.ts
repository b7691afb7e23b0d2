/** The grammars of names and words: who, what it is called, and what it may do. */
import test from 'ava';
import {parseCapability} from '../../src/parse/capability.js';
import {parseEnv, parseEnvFile} from '../../src/parse/env.js';
import {parseHostname} from '../../src/parse/hostname.js';
import {parseLabel} from '../../src/parse/label.js';
import {parseName} from '../../src/parse/name.js';
import {parseSecurityOpt} from '../../src/parse/securityOpt.js';
import {parseSharing} from '../../src/parse/sharing.js';
import {parseSysctl} from '../../src/parse/sysctl.js';
import {parseUser} from '../../src/parse/user.js';
import {parseUserns} from '../../src/parse/userns.js';
import {quoted} from '../../src/spec/failure.js';
import {table} from './table.js';

const notAUser = /is not a user: use a name, or an id from 0 to 4294967294/;
const notAGroup = /is not a group: use a name, or an id from 0 to 4294967294/;

test(
	'users: nothing that could wrap to 0 or be taken for another number (CVE-2024-40635)',
	table(
		parseUser,
		[
			['0', {user: '0'}],
			['1000:1000', {user: '1000', group: '1000'}],
			['4294967294', {user: '4294967294'}],
			['root', {user: 'root'}],
			['www-data:adm', {user: 'www-data', group: 'adm'}],
			['_apt', {user: '_apt'}],
			['machine$', {user: 'machine$'}],
			['a.b@c:1', {user: 'a.b@c', group: '1'}],
		],
		[
			...['', '-1', '0x0', '0 ', ' 0', '+0', '00', '1e3', '1.0', '4294967295', '4294967296', '99999999999'].map(
				text => [text, notAUser] as const,
			),
			...['a b', 'a\n', 'a\0', '1a', '-a', 'root\u200b', '\u0660', 'a/b', ':', ':0', 'a'.repeat(300)].map(
				text => [text, notAUser] as const,
			),
			...['root:', '0:-1', '0:4294967295', '0:0:0', '0:a b', 'root:0x0', '0:\n'].map(
				text => [text, notAGroup] as const,
			),
		],
	),
);

const notAVariable = /is not the name of a variable: use NAME=VALUE or NAME/;

test(
	'variables',
	table(
		parseEnv,
		[
			['A=1', {name: 'A', value: '1'}],
			['A=', {name: 'A', value: ''}],
			['A', {name: 'A'}],
			['A=b=c d\n"e"', {name: 'A', value: 'b=c d\n"e"'}],
			['a.b-c/d=1', {name: 'a.b-c/d', value: '1'}],
			['__proto__=1', {name: '__proto__', value: '1'}],
		],
		[
			['', notAVariable],
			['=1', notAVariable],
			['A B=1', notAVariable],
			[' A=1', notAVariable],
			['A\n=1', notAVariable],
			['A\0=1', notAVariable],
			['A=1\0', /variable 'A' has a NUL character/],
		],
	),
);

test(
	'env-files',
	table(
		parseEnvFile,
		[
			['', []],
			['A=1\nB\n', [{name: 'A', value: '1'}, {name: 'B'}]],
			['# comment\n\n  # another\nA=1 # no comment', [{name: 'A', value: '1 # no comment'}]],
			[
				'A="quoted"\r\nB=\r\n',
				[
					{name: 'A', value: '"quoted"'},
					{name: 'B', value: ''},
				],
			],
			['\uFEFFA=1', [{name: 'A', value: '1'}]],
			['\tA= b ', [{name: 'A', value: ' b '}]],
		],
		[
			['A=1\nB C=2', /^line 2: 'B C' is not the name of a variable/],
			['=1', /^line 1: /],
			['#\n\nA=\0', /^line 3: variable 'A' has a NUL/],
			['export A=1', /^line 1: 'export A'/],
		],
	),
);

test(
	'host names',
	table(
		parseHostname,
		[
			['a', 'a'],
			['web-1.example.com', 'web-1.example.com'],
			['my_host', 'my_host'],
			['0123456789ab', '0123456789ab'],
			['a'.repeat(63), 'a'.repeat(63)],
		],
		[
			'',
			'-a',
			'a-',
			'a..b',
			'.a',
			'a.',
			'a b',
			'a\n',
			'a\n127.0.0.1 b',
			'é',
			'a'.repeat(64),
			`${'a.'.repeat(33)}a`,
		].map(text => [text, /is not a host name: use letters, digits, '-' and '\.', at most 64 characters$/] as const),
	),
);

test(
	'container names',
	table(
		parseName,
		[
			['a', 'a'],
			['web_1.b-c', 'web_1.b-c'],
			['0'.repeat(128), '0'.repeat(128)],
		],
		['', '.', '..', '../x', 'a/b', '-a', '_a', '.a', 'a b', 'a\n', 'é', 'a'.repeat(129)].map(
			text => [text, /is not a name: use 1 to 128 letters/] as const,
		),
	),
);

test(
	'labels',
	table(
		parseLabel,
		[
			['a=b', {name: 'a', value: 'b'}],
			['a', {name: 'a', value: ''}],
			['a=', {name: 'a', value: ''}],
			['a=b=c', {name: 'a', value: 'b=c'}],
		],
		['', '=b', ' =b', 'a=\0'].map(text => [text, /is not a label: use NAME=VALUE or NAME/] as const),
	),
);

test(
	'whose namespace',
	table(
		parseSharing,
		[
			['host', 'host'],
			['private', 'private'],
		],
		['', 'Host', 'container:x', 'shareable'].map(text => [text, /is not supported: use host or private$/] as const),
	),
);

test(
	'sysctls: one setting each, whatever the spelling (CVE-2022-0811)',
	table(
		parseSysctl,
		[
			['net.ipv4.ip_forward=1', {name: 'net.ipv4.ip_forward', value: '1'}],
			['net.ipv4.ping_group_range=0 10', {name: 'net.ipv4.ping_group_range', value: '0 10'}],
			['kernel.sem=250\t32000', {name: 'kernel.sem', value: '250\t32000'}],
			['net.x.a-b_c=-1', {name: 'net.x.a-b_c', value: '-1'}],
		],
		[
			['net.ipv4.ip_forward', /is not a sysctl: use NAME=VALUE/],
			...[
				'',
				'net',
				'net.',
				'.net',
				'net..a',
				'net/a',
				'net.../a',
				'net.a/../b',
				'net.a b',
				'net.a+b',
				'net.A',
				'é.a',
			].map(name => [`${name}=1`, /is not the name of a sysctl/] as const),
			...['', ' ', '1+kernel.core_pattern=x', '1=2', '1\n2', '/x', '|x', '1\0', '$(x)'].map(
				value => [`net.a=${value}`, /is not a value for a sysctl/] as const,
			),
		],
	),
);

test(
	'capabilities',
	table(
		parseCapability,
		[
			['CHOWN', 'CAP_CHOWN'],
			['cap_net_admin', 'CAP_NET_ADMIN'],
			['Cap_Sys_Admin', 'CAP_SYS_ADMIN'],
			['all', 'ALL'],
			['checkpoint_restore', 'CAP_CHECKPOINT_RESTORE'],
		],
		['', 'CAP_', 'CAP_CAP_CHOWN', 'CHOWNS', 'CHOWN ', '0', 'none', 'constructor'].map(
			text => [text, /is not a capability: use a name of capabilities\(7\)/] as const,
		),
	),
);

test(
	'user namespaces',
	table(
		parseUserns,
		[
			['host', {kind: 'host'}],
			['private', {kind: 'private'}],
			['auto', {kind: 'private'}],
			['auto:size=1000', {kind: 'private', size: 1000}],
			['keep-id', {kind: 'keep-id'}],
			['keep-id:uid=33,gid=0', {kind: 'keep-id', uid: 33, gid: 0}],
		],
		[
			['', /is not a user namespace/],
			['nomap', /is not a user namespace/],
			['host:x', /is not a user namespace/],
			['auto:', /is not a user namespace/],
			['auto:size=0', /is not a user namespace/],
			['auto:size=65537', /is not a user namespace/],
			['auto:size=1,size=2', /is not a user namespace/],
			['keep-id:uid=', /is not a user namespace/],
			['keep-id:uid=-1', /is not a user namespace/],
			['keep-id:uid=01', /is not a user namespace/],
			['constructor', /is not a user namespace/],
		],
	),
);

test(
	'security options',
	table(
		parseSecurityOpt,
		[
			['no-new-privileges', {noNewPrivileges: true}],
			['no-new-privileges=true', {noNewPrivileges: true}],
			['no-new-privileges:true', {noNewPrivileges: true}],
			['no-new-privileges=false', {noNewPrivileges: false}],
			['no-new-privileges:0', {noNewPrivileges: false}],
			['seccomp=unconfined', {seccomp: 'unconfined'}],
			['seccomp:default', {seccomp: 'default'}],
			['seccomp=/a=b:c', {seccomp: {file: '/a=b:c'}}],
			['apparmor:x', {apparmor: 'x'}],
			['apparmor=unconfined', {apparmor: 'unconfined'}],
			['label=disable', {label: ['disable']}],
			['label=level:s0:c1,c2', {label: ['level:s0:c1,c2']}],
			['mask=/a:/b/', {mask: ['/a', '/b']}],
			['unmask=all', {unmask: ['ALL']}],
			['unmask:/proc/*', {unmask: ['/proc/*']}],
			['systempaths=unconfined', {unmask: ['ALL']}],
			['proc-opts=hidepid=2,gid=5', {procOptions: ['hidepid=2', 'gid=5']}],
		],
		[
			['seccomp', /is not a security option/],
			['seccomp=', /is not a security option/],
			['seccomp=a\0b', /is not a security option/],
			['apparmor=', /is not a security option/],
			['apparmor=two words', /is not a security option/],
			['label=nested', /is not a security option/],
			['label=type:', /is not a security option/],
			['label=type:a:b', /is not a security option/],
			['mask=/', /is not a security option/],
			['mask=', /is not a security option/],
			['unmask=proc', /is not an absolute path/],
			['systempaths=confined', /is not a security option/],
			['proc-opts', /is not a security option/],
			['', /is not a security option/],
			['no-new-privileges=', /is not a security option/],
			['no-new-privileges=maybe', /is not a security option/],
			['no-new-privs', /is not a security option/],
		],
	),
);

test("a user's text in a message stays on one line, and no terminal obeys it", t => {
	t.is(quoted('a\nb\x1b[31m\u202e\u2028'), "'a\\nb\\u{1b}[31m\\u{202e}\\u{2028}'");
	t.is(quoted('x'.repeat(1000)), `'${'x'.repeat(200)}…'`);
});
