/* What is left of a container when its supervisor goes. */
#ifndef RECORD_H
#define RECORD_H

/* LINE, a JSON object and a newline, as DIR/exit.json, with the time in it; whole or not at all (rename(2)). */
void record_end(const char *dir, const char *line);
/* Starts a program, if there is one, and does not wait for it. */
void record_run(char *const argv[]);

#endif
