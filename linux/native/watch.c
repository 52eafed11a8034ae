/*
 * Watches one descriptor on Node's event loop, for reactor.ts: the part of the package that no foreign-function call
 * from JavaScript can do, because libuv has to call back.
 *
 * What matters is how a watch ends. A worker thread may be terminated at any moment, and its loop still turns while it
 * is taken down: a callback that then finds JavaScript forbidden must return quietly, and the libuv handle must be
 * closed before the loop is. The asynchronous cleanup hook of Node-API does the latter.
 *
 * Needs nothing but Node-API and libuv, both exported by the Node binary: no libc is linked, so that one binary for
 * each processor serves glibc and musl. Built by build.mjs.
 */
#include <stddef.h>
#include <stdint.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_ref__ *napi_ref;
typedef struct napi_handle_scope__ *napi_handle_scope;
typedef struct napi_callback_info__ *napi_callback_info;
typedef struct napi_async_cleanup_hook_handle__ *napi_async_cleanup_hook_handle;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
typedef void (*napi_finalize)(napi_env, void *data, void *hint);
typedef void (*napi_async_cleanup_hook)(napi_async_cleanup_hook_handle, void *data);
typedef int napi_status;
#define NAPI_OK 0
#define NAPI_AUTO_LENGTH SIZE_MAX

extern napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern napi_status napi_get_value_int32(napi_env, napi_value, int32_t *);
extern napi_status napi_get_value_external(napi_env, napi_value, void **);
extern napi_status napi_create_external(napi_env, void *, napi_finalize, void *, napi_value *);
extern napi_status napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern napi_status napi_create_string_utf8(napi_env, const char *, size_t, napi_value *);
extern napi_status napi_set_named_property(napi_env, napi_value, const char *, napi_value);
extern napi_status napi_create_reference(napi_env, napi_value, uint32_t, napi_ref *);
extern napi_status napi_delete_reference(napi_env, napi_ref);
extern napi_status napi_get_reference_value(napi_env, napi_ref, napi_value *);
extern napi_status napi_get_global(napi_env, napi_value *);
extern napi_status napi_open_handle_scope(napi_env, napi_handle_scope *);
extern napi_status napi_close_handle_scope(napi_env, napi_handle_scope);
extern napi_status napi_make_callback(napi_env, void *, napi_value, napi_value, size_t, const napi_value *, napi_value *);
extern napi_status napi_throw_error(napi_env, const char *, const char *);
extern napi_status napi_add_async_cleanup_hook(napi_env, napi_async_cleanup_hook, void *, napi_async_cleanup_hook_handle *);
extern napi_status napi_remove_async_cleanup_hook(napi_async_cleanup_hook_handle);
extern napi_status napi_get_uv_event_loop(napi_env, void **);

/* A libuv handle begins with its `data` pointer; the rest is as long as uv_handle_size says. */
typedef struct uv_poll { void *data; } uv_poll;
enum { UV_POLL = 8, UV_READABLE = 1 };
extern size_t uv_handle_size(int type);
extern int uv_poll_init(void *loop, uv_poll *, int fd);
extern int uv_poll_start(uv_poll *, int events, void (*)(uv_poll *, int status, int events));
extern int uv_poll_stop(uv_poll *);
extern void uv_close(void *, void (*)(void *));
extern void uv_ref(void *);
extern void uv_unref(void *);
extern const char *uv_strerror(int);

extern void *calloc(size_t, size_t);
extern void free(void *);
extern int close(int);

typedef struct watch {
  napi_env env;
  napi_ref callback;
  napi_async_cleanup_hook_handle cleanup;
  int fd;
  /* Null once it is being closed. */
  uv_poll *poll;
  /* Whoever goes last frees: the external value in JavaScript, or libuv. */
  int holders;
} watch;

static void leave(watch *self) {
  if (--self->holders == 0) free(self);
}

static void on_closed(void *handle) {
  watch *self = ((uv_poll *)handle)->data;
  free(handle);
  napi_remove_async_cleanup_hook(self->cleanup);
  leave(self);
}

static void stop(watch *self) {
  if (self->poll == NULL) return;
  uv_poll *poll = self->poll;
  self->poll = NULL;
  napi_delete_reference(self->env, self->callback);
  uv_poll_stop(poll);
  uv_close(poll, on_closed);
}

/*
 * The thread ends. Node waits for `on_closed`, also when `stop` had been called just before. The owner of a descriptor
 * that is still watched is gone without having closed it.
 */
static void on_cleanup(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  watch *self = data;
  if (self->poll == NULL) return;
  stop(self);
  close(self->fd);
}

static void on_ready(uv_poll *poll, int status, int events) {
  (void)status;
  (void)events;
  watch *self = poll->data;
  napi_env env = self->env;
  napi_handle_scope scope;
  napi_value global, callback;
  if (napi_open_handle_scope(env, &scope) != NAPI_OK) return;
  int called = napi_get_reference_value(env, self->callback, &callback) == NAPI_OK &&
               napi_get_global(env, &global) == NAPI_OK &&
               napi_make_callback(env, NULL, global, callback, 0, NULL, NULL) == NAPI_OK;
  /* The callback never throws, so that a failure means one thing: this thread may run no JavaScript any more. */
  if (!called && self->poll != NULL) uv_poll_stop(self->poll);
  napi_close_handle_scope(env, scope);
}

static void on_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  stop(data);
  leave(data);
}

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

/* watch(fd, callback): calls back, again and again, while `fd` is readable. Returns the watch, for the others. */
/* The descriptor is the watch's to close only when the thread ends without `close`. */
static napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value args[2], external;
  int32_t fd;
  void *loop;
  if (napi_get_cb_info(env, info, &count, args, NULL, NULL) != NAPI_OK || count != 2 ||
      napi_get_value_int32(env, args[0], &fd) != NAPI_OK || napi_get_uv_event_loop(env, &loop) != NAPI_OK) {
    return fail(env, "watch takes a descriptor and a function");
  }
  watch *self = calloc(1, sizeof *self);
  uv_poll *poll = calloc(1, uv_handle_size(UV_POLL));
  if (self == NULL || poll == NULL) return fail(env, "out of memory");
  self->env = env;
  self->fd = fd;
  int error = uv_poll_init(loop, poll, fd);
  if (error != 0) {
    free(self);
    free(poll);
    return fail(env, uv_strerror(error));
  }
  poll->data = self;
  self->poll = poll;
  self->holders = 2;
  napi_create_reference(env, args[1], 1, &self->callback);
  napi_add_async_cleanup_hook(env, on_cleanup, self, &self->cleanup);
  napi_create_external(env, self, on_collected, NULL, &external);
  error = uv_poll_start(poll, UV_READABLE, on_ready);
  if (error == 0) return external;
  stop(self);
  return fail(env, uv_strerror(error));
}

static watch *argument(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arg;
  void *self = NULL;
  if (napi_get_cb_info(env, info, &count, &arg, NULL, NULL) != NAPI_OK || count != 1 ||
      napi_get_value_external(env, arg, &self) != NAPI_OK) {
    napi_throw_error(env, NULL, "not a watch");
    return NULL;
  }
  return self;
}

static napi_value ref(napi_env env, napi_callback_info info) {
  watch *self = argument(env, info);
  if (self != NULL && self->poll != NULL) uv_ref(self->poll);
  return NULL;
}

static napi_value unref(napi_env env, napi_callback_info info) {
  watch *self = argument(env, info);
  if (self != NULL && self->poll != NULL) uv_unref(self->poll);
  return NULL;
}

static napi_value end(napi_env env, napi_callback_info info) {
  watch *self = argument(env, info);
  if (self != NULL) stop(self);
  return NULL;
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback call) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, call, NULL, &function) == NAPI_OK) {
    napi_set_named_property(env, exports, name, function);
  }
}

__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value source;
  export(env, exports, "watch", start);
  export(env, exports, "ref", ref);
  export(env, exports, "unref", unref);
  export(env, exports, "close", end);
  /* SHA-256 of this file when it was built: a test compares it with the file. */
  if (napi_create_string_utf8(env, SOURCE, NAPI_AUTO_LENGTH, &source) == NAPI_OK) {
    napi_set_named_property(env, exports, "source", source);
  }
  return exports;
}
