// SPDX-License-Identifier: Apache-2.0
/* What a decoder apart from its caller needs of the system and Swift does not import: shared memory of a sealed size,
 * starting it with two descriptors and nothing else, and taking all rights from it. */
#ifndef LIKENESS_CDECODER_H
#define LIKENESS_CDECODER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The descriptors that a decoder finds: the socket, and the shared memory. */
enum { LIKENESS_DECODER_SOCKET = 3, LIKENESS_DECODER_MEMORY = 4 };

/* Where the file's bytes lie in the shared memory; before them is the word that says whether to stop. */
enum { LIKENESS_DECODER_FILE_OFFSET = 4096 };

typedef enum {
    LIKENESS_DECODER_OPEN = 1,
    LIKENESS_DECODER_READ,
} likeness_decoder_kind;

/* One message of a socket of packets. */
typedef struct {
    uint32_t kind;
    /* To open: the file's bytes, which lie in the shared memory, and the limits. */
    uint64_t file_bytes, maximum_file_bytes, maximum_pixels, maximum_milliseconds;
    /* To read: the part, and where in the shared memory its pixels go. */
    uint32_t factor;
    uint64_t left, top, width, height, offset;
} likeness_decoder_request;

typedef struct {
    /* 0, or what is wrong; the numbers and the text belong to it. */
    uint32_t failure;
    uint32_t format;
    int64_t numbers[3];
    /* When it is ready: what it has taken of the address space. */
    uint64_t address_space;
    /* After opening: the upright size. */
    uint64_t width, height;
    uint32_t is_reducible, ends_left, ends_above;
    /* Whether the libraries have kept so much of pictures that the decoder is to be given no other. */
    uint32_t is_spent;
    uint32_t text_bytes;
    char text[256];
} likeness_decoder_reply;

/* Memory of `bytes` bytes that can be shared and neither grow nor shrink; -1 with errno where there is none. */
int likeness_decoder_create_memory(size_t bytes);

/* Two ends of a socket of packets, neither of which a started program inherits. 0, or -1 with errno. */
int likeness_decoder_create_sockets(int sockets[2]);

/* Starts a decoder with the two descriptors and no other, an almost empty environment and no terminal. 0, or an error
 * number. */
int likeness_decoder_start(const char *path, const char *maximum_pixels, int socket, int memory, pid_t *process);

/* Lets a process use so many seconds of the processor from now on, and so many bytes of the address space. Neither goes
 * beyond what the process has limited itself to. */
void likeness_decoder_limit_processor(pid_t process, uint64_t seconds);
void likeness_decoder_limit_memory(pid_t process, uint64_t bytes);

/* Whether a process has ended, with its status; 1, 0, or -1 where it is no child of this one. */
int likeness_decoder_has_ended(pid_t process, int *status);

/* The word that says whether to stop. */
void likeness_decoder_set_stop(void *memory, uint32_t stops);
uint32_t likeness_decoder_stops(const void *memory);

/* Gives memory back to the system: pages of shared memory, and what the heap holds without need. */
void likeness_decoder_release(void *start, size_t bytes);
void likeness_decoder_trim(void);

/* How many bytes of the heap are in use, and how many it has taken from the system and not given back. */
size_t likeness_decoder_heap(void);
size_t likeness_decoder_taken_heap(void);

/* For the decoder: limits what it may take beside what it has, and from then on allows it nothing but to work in memory
 * and to use its socket. 0, or -1 with errno; `taken` is what it has of the address space. */
int likeness_decoder_confine(uint64_t memory, uint64_t *taken);

#endif
