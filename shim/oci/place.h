/* Where things are: state, the program's own parts, and files read whole. */
#ifndef PLACE_H
#define PLACE_H

#include "call.h"

/* The directory that holds all containers, made if it has to be. */
const char *place_root(const struct call *call);
void place_check_id(const char *id);
/* A file beside this program. */
char *place_beside(const char *name);
char *place_node(void);
char *place_helper(void);

/* The whole file, with a NUL after it; NULL where there is none. */
char *place_read(int dir, const char *name, size_t *length);
char *place_read_all(int fd, size_t *length);
/* FILE gets TEXT, at once. */
void place_write(const char *file, const char *text);
/* Removes the files in DIR. */
void place_empty(int dir);

#endif
