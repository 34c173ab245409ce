// A stand-in for denort, the base binary of `deno compile`, where the real one
// cannot be had. Linux on x86_64 or arm64.
//
// `deno compile --bundle` appends a note to its base binary that holds settings
// as JSON, a list of files and their content. The real denort runs that itself;
// this program carries a whole Deno instead and hands it the one bundled file
// and the permissions that were compiled in. What comes out is one executable
// that works by itself, but it is a development build and says so: it starts
// Deno with CASEMATE_BUILD=dev, and with its own path in CASEMATE_PROGRAM, by
// which the program can start itself again.
//
// The format is Deno's own and not documented; it is checked at every step, and
// anything unexpected ends with exit code 70. Check it again with each new Deno.
//
//   gcc -O2 -static -DDENO='"/path/to/deno"' -o denort scripts/denort_stand_in.c

#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "d3n0l4nd"
#define MAGIC_LENGTH 8
#define BUNDLE_PREFIX ".deno_compile_bundle_"
#define MAX_ARGUMENTS 32

// The Deno that is carried along.
__asm__(".section .rodata\n.balign 4096\n.globl deno_begin\ndeno_begin:\n.incbin \"" DENO
        "\"\n.globl deno_end\ndeno_end:\n.balign 4096\n.previous\n");
extern const char deno_begin[], deno_end[];

struct span {
    const char *at;
    size_t length;
};

static void die(const char *message) {
    fprintf(stderr, "denort stand-in: %s\n", message);
    exit(70);
}

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (memory == NULL) die("out of memory");
    return memory;
}

// This executable, mapped.
static struct span map_self(void) {
    struct stat info;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) != 0) die("cannot open itself");
    const char *at = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at == MAP_FAILED) die("cannot map itself");
    close(file);
    return (struct span){at, (size_t)info.st_size};
}

// Content after the magic in the ELF note `SUI`: two bytes, magic, magic, payload.
static struct span find_payload(struct span self) {
    const Elf64_Ehdr *header = (const void *)self.at;
    const Elf64_Phdr *segment = (const void *)(self.at + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        if (segment[i].p_type != PT_NOTE) continue;
        const char *note = self.at + segment[i].p_offset;
        const char *end = note + segment[i].p_filesz;
        while (note + sizeof(Elf64_Nhdr) <= end) {
            const Elf64_Nhdr *about = (const void *)note;
            const char *name = note + sizeof *about;
            const char *content = name + ((about->n_namesz + 3) & ~3u);
            if (about->n_namesz == 4 && memcmp(name, "SUI", 4) == 0 &&
                memcmp(content + 2, MAGIC MAGIC, 2 * MAGIC_LENGTH) == 0) {
                size_t before = 2 + 2 * MAGIC_LENGTH;
                return (struct span){content + before, about->n_descsz - before};
            }
            note = content + ((about->n_descsz + 3) & ~3u);
        }
    }
    die("nothing was compiled into it");
    return (struct span){NULL, 0};
}

// Takes `length` bytes off the front of what is left.
static struct span take(struct span *left, size_t length) {
    if (length > left->length) die("the payload is cut short");
    struct span taken = {left->at, length};
    left->at += length;
    left->length -= length;
    return taken;
}

static uint64_t take_u64(struct span *left) {
    uint64_t value;
    memcpy(&value, take(left, sizeof value).at, sizeof value);
    return value;
}

// The value after `key` in JSON without blanks; NULL if there is none.
static const char *after(const char *json, const char *key) {
    const char *found = strstr(json, key);
    return found == NULL ? NULL : found + strlen(key);
}

// The one file of the payload: the bundle that the settings name as entry.
static struct span find_bundle(struct span *left, const char *settings) {
    char name[128], entry[192];
    const char *key = after(settings, "\"entrypoint_key\":\"");
    if (key == NULL || sscanf(key, "%127[^\"]", name) != 1) die("no entry point");
    if (strncmp(name, BUNDLE_PREFIX, strlen(BUNDLE_PREFIX)) != 0)
        die("only what `deno compile --bundle` makes is understood");
    snprintf(entry, sizeof entry, "[{\"File\":{\"n\":\"%s\",\"o\":[0,", name);
    const char *list = memmem(left->at, left->length < 8192 ? left->length : 8192, entry, strlen(entry));
    if (list == NULL) die("the payload is more than one file");
    uint64_t length = strtoull(list + strlen(entry), NULL, 10);
    const char *end = memmem(list, left->length - (size_t)(list - left->at), "}]", 2);
    if (end == NULL) die("the list of files does not end");
    take(left, (size_t)(end + 2 - left->at));
    struct span content = take(left, take_u64(left));
    if (content.length < length) die("the bundle is cut short");
    if (memcmp(take(left, MAGIC_LENGTH).at, MAGIC, MAGIC_LENGTH) != 0) die("the payload does not end");
    return (struct span){content.at, length};
}

// `"allow_x":[]` as `--allow-x`, `["a","b"]` as `--allow-x=a,b`; NULL where it is not given.
static char *permission(const char *settings, const char *name) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":[", name);
    const char *list = after(settings, key);
    if (list == NULL) return NULL;
    const char *end = strchr(list, ']');
    if (end == NULL) die("a permission does not end");
    char *flag = allocate(strlen(name) + (size_t)(end - list) + 8), *to = flag;
    to += sprintf(to, "--%s", name);
    for (char *c = flag; *c != 0; c++)
        if (*c == '_') *c = '-';
    if (list != end) *to++ = '=';
    for (; list < end; list++)
        if (*list != '"') *to++ = *list;
    return flag;
}

// A file in memory with this content.
static int memory_file(const char *name, const char *at, size_t length, unsigned flags) {
    int file = memfd_create(name, flags);
    if (file < 0) die("cannot make a file in memory");
    while (length > 0) {
        ssize_t written = write(file, at, length);
        if (written <= 0) die("cannot write a file in memory");
        at += written;
        length -= (size_t)written;
    }
    return file;
}

int main(int argc, char **argv) {
    static const char *const fixed[] = {"run",         "--no-config", "--no-lock",  "--no-npm",
                                        "--no-remote", "--no-prompt", "--ext=mjs"};
    static const char *const permissions[] = {
        "allow_env",  "allow_ffi",    "allow_import", "allow_net", "allow_read",  "allow_run",
        "allow_sys",  "allow_write",  "deny_env",     "deny_ffi",  "deny_import", "deny_net",
        "deny_read",  "deny_run",     "deny_sys",     "deny_write"};

    struct span left = find_payload(map_self());
    struct span json = take(&left, take_u64(&left));
    char *settings = strndup(json.at, json.length);
    if (settings == NULL) die("out of memory");
    struct span bundle = find_bundle(&left, settings);

    int script = memory_file("main.mjs", bundle.at, bundle.length, 0);
    int deno = memory_file("deno", deno_begin, (size_t)(deno_end - deno_begin), MFD_CLOEXEC);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", script);

    const char **arguments = allocate(((size_t)argc + MAX_ARGUMENTS) * sizeof *arguments);
    int count = 0;
    arguments[count++] = argv[0];
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) arguments[count++] = fixed[i];
    for (size_t i = 0; i < sizeof permissions / sizeof *permissions; i++) {
        char *flag = permission(settings, permissions[i]);
        if (flag != NULL) arguments[count++] = flag;
    }
    // Without any permission to read, Deno could not read its own script.
    if (strstr(settings, "\"allow_read\":null") != NULL) {
        char *flag = allocate(sizeof path + 16);
        sprintf(flag, "--allow-read=%s", path);
        arguments[count++] = flag;
    }
    arguments[count++] = path;
    for (int i = 1; i < argc; i++) arguments[count++] = argv[i];

    char own[4096];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0) die("cannot tell where it is");
    own[length] = 0;
    setenv("CASEMATE_PROGRAM", own, 1);
    setenv("CASEMATE_BUILD", "dev", 1);
    setenv("DENO_NO_UPDATE_CHECK", "1", 1);
    fexecve(deno, (char *const *)arguments, environ);
    die(strerror(errno));
}
