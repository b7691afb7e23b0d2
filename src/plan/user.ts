import {checkIdOrName, parseId} from '../parse/user.js';
import {Failure, quoted} from '../spec/failure.js';
import type {Wanted} from './defaults.js';

/** Who the command is, all numeric. */
export interface Identity {
	uid: number;
	gid: number;
	/** Supplementary groups that the container's /etc/group gives to the user. */
	groups: number[];
	/** Supplementary groups that were asked for. */
	added: number[];
	home: string;
}

interface Account {
	name: string;
	uid: number;
	gid: number;
	home: string;
}

/** Characters; no real line is longer, and an image's file may have been made to hurt. */
const LONGEST_LINE = 65536;

/** The lines of passwd(5) or group(5), in fields; what is malformed is passed over, as the C library does. */
const records = (text: string, fields: number): string[][] =>
	text
		.split('\n')
		.filter(line => line.length <= LONGEST_LINE)
		.map(line => line.split(':'))
		.filter(parts => parts.length >= fields && parts[0] !== '' && !parts[0]?.startsWith('#'));

/** The first good line with this name or these digits; ids are read where they matter only, for files can be long. */
const findAccount = (passwd: string, nameOrId: string): Account | undefined => {
	const column = parseId(nameOrId) === undefined ? 0 : 2;
	for (const parts of records(passwd, 6)) {
		if (parts[column] !== nameOrId) continue;
		const [name = '', , uid = '', gid = '', , home = ''] = parts;
		const ids = {uid: parseId(uid), gid: parseId(gid)};
		if (ids.uid !== undefined && ids.gid !== undefined) return {name, uid: ids.uid, gid: ids.gid, home};
	}
	return undefined;
};

/** The ids of the groups with this name; more than one line may have it. */
const named = (groups: readonly string[][], name: string): number[] =>
	groups.filter(parts => parts[0] === name).flatMap(([, , gid = '']) => parseId(gid) ?? []);

/** The ids of the groups that list this user. */
const listing = (groups: readonly string[][], user: string): number[] =>
	groups.filter(parts => parts[3]?.split(',').includes(user)).flatMap(([, , gid = '']) => parseId(gid) ?? []);

const unknown = (what: 'user' | 'group', name: string): Failure =>
	new Failure(`unknown ${what} ${quoted(name)}: not in the container's /etc/${what === 'user' ? 'passwd' : 'group'}`);

const findGroup = (groups: readonly string[][], text: string): number => {
	const gid = parseId(checkIdOrName(text, 'group')) ?? named(groups, text)[0];
	if (gid === undefined) throw unknown('group', text);
	return gid;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HOME = /^\/[^\u0000-\u001f\u007f-\u009f]*$/;

/** A home becomes an environment variable, and often a line in someone's file (CVE-2022-4318). */
const homeOf = (uid: number, account: Account | undefined): string => {
	if (account && HOME.test(account.home)) return account.home;
	return uid === 0 ? '/root' : '/';
};

/**
 * Docker's rules: digits are always an id, never a name; an id that has an entry gets the entry's group and home; the
 * groups that list the user are joined unless a group was named. The caller's own groups never come in
 * (CVE-2022-2989).
 *
 * @throws Failure for a name that is not in the container's files
 */
export const planUser = ({
	user,
	passwd,
	group,
	groupAdd,
}: Pick<Wanted, 'user' | 'passwd' | 'group' | 'groupAdd'>): Identity => {
	const id = parseId(checkIdOrName(user.user, 'user'));
	const account = findAccount(passwd, user.user);
	const uid = id ?? account?.uid;
	if (uid === undefined) throw unknown('user', user.user);
	const groups = records(group, 4);
	return {
		uid,
		gid: user.group === undefined ? (account?.gid ?? 0) : findGroup(groups, user.group),
		groups: user.group === undefined && account ? listing(groups, account.name) : [],
		added: groupAdd.map(text => findGroup(groups, text)),
		home: homeOf(uid, account),
	};
};
