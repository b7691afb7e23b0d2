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

interface Group {
	name: string;
	gid: number;
	members: string[];
}

/** Characters; no real line is longer, and an image's file may have been made to hurt. */
const LONGEST_LINE = 65536;

/** The lines of passwd(5) or group(5), in fields; what is malformed is passed over, as the C library does. */
const records = (text: string, fields: number): string[][] =>
	text
		.split('\n')
		.filter(line => line.length <= LONGEST_LINE && !line.startsWith('#'))
		.map(line => line.split(':'))
		.filter(parts => parts.length >= fields && parts[0] !== '');

const accounts = (passwd: string): Account[] =>
	records(passwd, 6).flatMap(([name = '', , uid = '', gid = '', , home = '']) => {
		const ids = {uid: parseId(uid), gid: parseId(gid)};
		return ids.uid === undefined || ids.gid === undefined ? [] : [{name, uid: ids.uid, gid: ids.gid, home}];
	});

const groupsOf = (group: string): Group[] =>
	records(group, 4).flatMap(([name = '', , gid = '', members = '']) => {
		const id = parseId(gid);
		return id === undefined ? [] : [{name, gid: id, members: members.split(',')}];
	});

const unknown = (what: 'user' | 'group', name: string): Failure =>
	new Failure(`unknown ${what} ${quoted(name)}: not in the container's /etc/${what === 'user' ? 'passwd' : 'group'}`);

const findGroup = (groups: readonly Group[], text: string): number => {
	const gid = parseId(checkIdOrName(text, 'group')) ?? groups.find(group => group.name === text)?.gid;
	if (gid === undefined) throw unknown('group', text);
	return gid;
};

/** A home becomes an environment variable, and often a line in someone's file (CVE-2022-4318). */
const homeOf = (uid: number, account: Account | undefined): string => {
	if (account && /^\/\P{Cc}*$/u.test(account.home)) return account.home;
	return uid === 0 ? '/root' : '/';
};

/**
 * Docker's rules: digits are always an id, never a name; an id that has an entry gets the entry's group and home; the
 * groups that list the user are joined unless a group was named. The caller's own groups never come in
 * (CVE-2022-2989).
 *
 * @throws Failure for a name that is not in the container's files
 */
export const planUser = ({user, passwd, group, groupAdd}: Wanted): Identity => {
	const id = parseId(checkIdOrName(user.user, 'user'));
	const account = accounts(passwd).find(known => (id === undefined ? known.name === user.user : known.uid === id));
	const uid = id ?? account?.uid;
	if (uid === undefined) throw unknown('user', user.user);
	const groups = groupsOf(group);
	const listed = groups.filter(known => account && known.members.includes(account.name)).map(known => known.gid);
	return {
		uid,
		gid: user.group === undefined ? (account?.gid ?? 0) : findGroup(groups, user.group),
		groups: user.group === undefined ? listed : [],
		added: groupAdd.map(text => findGroup(groups, text)),
		home: homeOf(uid, account),
	};
};
