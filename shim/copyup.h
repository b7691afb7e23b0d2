#ifndef COPYUP_H
#define COPYUP_H

/* Copies what is in the directory FROM, opened with O_PATH, into TO; WHERE is for messages. die()s on failure. */
void copy_up(int from, int to, const char *where);

#endif
