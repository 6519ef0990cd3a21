;; A canister that reads and writes stable memory wherever it is told to, and copies from far away when it is upgraded.
;; Arguments begin with an i64: an offset, or a number of pages.
(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_arg_data_size" (func $argument_size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $argument_copy (param i32 i32 i32)))
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
  (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
  (memory 1)

  ;; The argument goes to address 0; gives its number.
  (func $number (result i64)
    (call $argument_copy (i32.const 0) (i32.const 0) (call $argument_size))
    (i64.load (i32.const 0)))

  ;; Writes what follows the number to the offset that it says.
  (func $write_argument
    (call $write (call $number) (i64.const 8)
      (i64.extend_i32_u (i32.sub (call $argument_size) (i32.const 8)))))

  ;; Grows by so many pages and answers what the call gives.
  (func (export "canister_update grow")
    (i64.store (i32.const 0) (call $grow (call $number)))
    (call $append (i32.const 0) (i32.const 8))
    (call $reply))

  (func (export "canister_update write") (call $write_argument) (call $reply))

  (func (export "canister_update write_and_trap") (call $write_argument) (unreachable))

  ;; Answers the 8 bytes at an offset.
  (func (export "canister_query read")
    (call $read (i64.const 0) (call $number) (i64.const 8))
    (call $append (i32.const 0) (i32.const 8))
    (call $reply))

  ;; Copies 8 bytes from one far place to another.
  (func (export "canister_post_upgrade")
    (call $read (i64.const 0) (i64.const ${FROM}) (i64.const 8))
    (call $write (i64.const ${TO}) (i64.const 0) (i64.const 8))))
