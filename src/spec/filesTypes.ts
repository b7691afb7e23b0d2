/** A part of the contract (types.ts): what `cp` and `diff` have the helper do. */
/** Exactly one of them. */
export interface Files {
	/** A file or a tree goes to stdout, as a tar archive. */
	pack?: {
		/** Links in it are followed inside the root; the last component only as told below. */
		path: string;
		/** What the file, or the top of the tree, is called in the archive. */
		name: string;
		/** If `path` is a link: what it leads to. */
		follow?: boolean;
		/** `path` must be a directory, or lead to one. */
		directory?: boolean;
	};
	/** A tar archive from stdin. A first component of its names gives way to what `path` says, unless that is a directory. */
	unpack?: {
		/** A directory that is there: things go into it. Else what comes is to be called so. */
		path: string;
		/** If `path` is a link: what it leads to counts. */
		follow?: boolean;
		/** `path` must be a directory, or become one. */
		directory?: boolean;
		/** Of a directory only what is in it goes into the directory `path`. */
		contents?: boolean;
		/** `path` must be a directory, and names are the archive's. */
		entries?: boolean;
		/** Ids and setuid bits as the archive says, as far as the kernel lets us; else all belongs to who unpacks. */
		keepOwner?: boolean;
	};
	/** A directory with the upper layer of an overlay whose lower layers are the root: what it changes goes to stdout. */
	diff?: string;
}
