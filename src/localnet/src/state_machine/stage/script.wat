;; A canister that does what its messages say: every method runs the script in its argument (see script.rs).
;;
;; Memory: 0..16 numbered cells, 64..128 scratch, from 4096 on a heap that only grows, where arguments and the
;; scripts of callbacks lie. A stored script is its length (4 bytes) and its bytes; a callback's environment is its
;; address.
(module
  (import "ic0" "msg_arg_data_size" (func $argument_size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $argument_copy (param i32 i32 i32)))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reject" (func $reject (param i32 i32)))
  (import "ic0" "msg_reject_code" (func $reject_code (result i32)))
  (import "ic0" "msg_reject_msg_size" (func $reject_size (result i32)))
  (import "ic0" "msg_reject_msg_copy" (func $reject_copy (param i32 i32 i32)))
  (import "ic0" "msg_cycles_accept128" (func $accept (param i64 i64 i32)))
  (import "ic0" "msg_cycles_refunded128" (func $refunded (param i32)))
  (import "ic0" "cycles_burn128" (func $burn (param i64 i64 i32)))
  (import "ic0" "certified_data_set" (func $certify (param i32 i32)))
  (import "ic0" "data_certificate_present" (func $certificate_present (result i32)))
  (import "ic0" "data_certificate_size" (func $certificate_size (result i32)))
  (import "ic0" "data_certificate_copy" (func $certificate_copy (param i32 i32 i32)))
  (import "ic0" "global_timer_set" (func $timer (param i64) (result i64)))
  (import "ic0" "performance_counter" (func $instructions (param i32) (result i64)))
  (import "ic0" "canister_version" (func $version (result i64)))
  (import "ic0" "msg_deadline" (func $deadline (result i64)))
  (import "ic0" "stable64_size" (func $stable_size (result i64)))
  (import "ic0" "stable64_grow" (func $stable_grow (param i64) (result i64)))
  (import "ic0" "stable64_read" (func $stable_read (param i64 i64 i64)))
  (import "ic0" "stable64_write" (func $stable_write (param i64 i64 i64)))
  (import "ic0" "call_new" (func $call_new (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "ic0" "call_on_cleanup" (func $on_cleanup (param i32 i32)))
  (import "ic0" "call_data_append" (func $call_append (param i32 i32)))
  (import "ic0" "call_cycles_add128" (func $call_cycles (param i64 i64)))
  (import "ic0" "call_with_best_effort_response" (func $best_effort (param i32)))
  (import "ic0" "call_perform" (func $perform (result i32)))
  (import "ic0" "accept_message" (func $accept_message))
  (import "ic0" "debug_print" (func $print (param i32 i32)))
  (import "ic0" "trap" (func $trap (param i32 i32)))

  (memory (export "memory") 16)
  (table funcref (elem $callback))
  (global $number (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 4096))
  (global $before_upgrade (mut i32) (i32.const 0))
  (global $at_timer (mut i32) (i32.const 0))
  (global $at_heartbeat (mut i32) (i32.const 0))

  ;; Copies a stored script to the heap and gives its address.
  (func $keep (param $script i32) (result i32)
    (local $size i32) (local $at i32)
    (local.set $at (global.get $free))
    (local.set $size (i32.add (i32.load (local.get $script)) (i32.const 4)))
    (memory.copy (local.get $at) (local.get $script) (local.get $size))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  ;; The address behind a stored script.
  (func $behind (param $script i32) (result i32)
    (i32.add (i32.add (local.get $script) (i32.const 4)) (i32.load (local.get $script))))

  (func $run_stored (param $script i32)
    (if (local.get $script)
      (then (call $run (i32.add (local.get $script) (i32.const 4)) (call $behind (local.get $script))))))

  (func $callback (param $script i32) (call $run_stored (local.get $script)))

  (func $run_argument
    (local $at i32) (local $size i32)
    (local.set $at (global.get $free))
    (local.set $size (call $argument_size))
    (call $argument_copy (local.get $at) (i32.const 0) (local.get $size))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (call $run (local.get $at) (global.get $free)))

  (func $open_stable
    (if (i64.eqz (call $stable_size)) (then (drop (call $stable_grow (i64.const 1))))))

  ;; A call: callee (1 + n), cycles (8), timeout (4, -1 = none), method and argument (stored), scripts on reply and
  ;; on reject (stored), cleanup (1: is there one; then stored). Gives the address behind it.
  (func $call (param $p i32) (result i32)
    (local $callee i32) (local $cycles i64) (local $timeout i32) (local $method i32) (local $payload i32)
    (local $reply i32) (local $reject i32)
    (local.set $callee (local.get $p))
    (local.set $p (i32.add (i32.add (local.get $p) (i32.const 1)) (i32.load8_u (local.get $p))))
    (local.set $cycles (i64.load (local.get $p)))
    (local.set $timeout (i32.load (i32.add (local.get $p) (i32.const 8))))
    (local.set $method (i32.add (local.get $p) (i32.const 12)))
    (local.set $payload (call $behind (local.get $method)))
    (local.set $reply (call $behind (local.get $payload)))
    (local.set $reject (call $behind (local.get $reply)))
    (local.set $p (call $behind (local.get $reject)))
    (call $call_new
      (i32.add (local.get $callee) (i32.const 1)) (i32.load8_u (local.get $callee))
      (i32.add (local.get $method) (i32.const 4)) (i32.load (local.get $method))
      (i32.const 0) (call $keep (local.get $reply))
      (i32.const 0) (call $keep (local.get $reject)))
    (call $call_append (i32.add (local.get $payload) (i32.const 4)) (i32.load (local.get $payload)))
    (if (i64.ne (local.get $cycles) (i64.const 0))
      (then (call $call_cycles (i64.const 0) (local.get $cycles))))
    (if (i32.ne (local.get $timeout) (i32.const -1))
      (then (call $best_effort (local.get $timeout))))
    (if (i32.load8_u (local.get $p))
      (then
        (call $on_cleanup (i32.const 0) (call $keep (i32.add (local.get $p) (i32.const 1))))
        (local.set $p (call $behind (i32.add (local.get $p) (i32.const 1)))))
      (else (local.set $p (i32.add (local.get $p) (i32.const 1)))))
    (drop (call $perform))
    (local.get $p))

  (func $append_number (param $number i64)
    (i64.store (i32.const 64) (local.get $number))
    (call $append (i32.const 64) (i32.const 8)))

  ;; Runs the script from $p to $end: an operation is one byte and its operands.
  (func $run (param $p i32) (param $end i32)
    (local $op i32) (local $a i32) (local $b i32)
    (loop $next
      (if (i32.ge_u (local.get $p) (local.get $end)) (then (return)))
      (local.set $op (i32.load8_u (local.get $p)))
      (local.set $a (i32.load8_u (i32.add (local.get $p) (i32.const 1))))
      (local.set $b (i32.load8_u (i32.add (local.get $p) (i32.const 2))))
      ;; 1 cell value: a byte of heap
      (if (i32.eq (local.get $op) (i32.const 1)) (then
        (i32.store8 (local.get $a) (local.get $b))
        (local.set $p (i32.add (local.get $p) (i32.const 3))) (br $next)))
      ;; 2 value: the global
      (if (i32.eq (local.get $op) (i32.const 2)) (then
        (global.set $number (local.get $a))
        (local.set $p (i32.add (local.get $p) (i32.const 2))) (br $next)))
      ;; 3 cell value: a byte of stable memory
      (if (i32.eq (local.get $op) (i32.const 3)) (then
        (call $open_stable)
        (call $stable_write (i64.extend_i32_u (local.get $a))
          (i64.extend_i32_u (i32.add (local.get $p) (i32.const 2))) (i64.const 1))
        (local.set $p (i32.add (local.get $p) (i32.const 3))) (br $next)))
      ;; 4 value: certified data of one byte
      (if (i32.eq (local.get $op) (i32.const 4)) (then
        (call $certify (i32.add (local.get $p) (i32.const 1)) (i32.const 1))
        (local.set $p (i32.add (local.get $p) (i32.const 2))) (br $next)))
      ;; 5 time: the global timer
      (if (i32.eq (local.get $op) (i32.const 5)) (then
        (drop (call $timer (i64.load (i32.add (local.get $p) (i32.const 1)))))
        (local.set $p (i32.add (local.get $p) (i32.const 9))) (br $next)))
      ;; 6 data: append it and reply
      (if (i32.eq (local.get $op) (i32.const 6)) (then
        (call $append (i32.add (local.get $p) (i32.const 5)) (i32.load (i32.add (local.get $p) (i32.const 1))))
        (call $reply)
        (local.set $p (call $behind (i32.add (local.get $p) (i32.const 1)))) (br $next)))
      ;; 7 text: reject
      (if (i32.eq (local.get $op) (i32.const 7)) (then
        (call $reject (i32.add (local.get $p) (i32.const 5)) (i32.load (i32.add (local.get $p) (i32.const 1))))
        (local.set $p (call $behind (i32.add (local.get $p) (i32.const 1)))) (br $next)))
      ;; 8 text: trap
      (if (i32.eq (local.get $op) (i32.const 8)) (then
        (call $trap (i32.add (local.get $p) (i32.const 5)) (i32.load (i32.add (local.get $p) (i32.const 1))))))
      ;; 9 amount: accept cycles
      (if (i32.eq (local.get $op) (i32.const 9)) (then
        (call $accept (i64.const 0) (i64.load (i32.add (local.get $p) (i32.const 1))) (i32.const 64))
        (local.set $p (i32.add (local.get $p) (i32.const 9))) (br $next)))
      ;; 10 call
      (if (i32.eq (local.get $op) (i32.const 10)) (then
        (local.set $p (call $call (i32.add (local.get $p) (i32.const 1)))) (br $next)))
      ;; 11: append cells 0..4, the global (4 bytes), stable bytes 0..4
      (if (i32.eq (local.get $op) (i32.const 11)) (then
        (call $append (i32.const 0) (i32.const 4))
        (i32.store (i32.const 64) (global.get $number))
        (i32.store (i32.const 68) (i32.const 0))
        (if (i64.ne (call $stable_size) (i64.const 0))
          (then (call $stable_read (i64.const 68) (i64.const 0) (i64.const 4))))
        (call $append (i32.const 64) (i32.const 8))
        (local.set $p (i32.add (local.get $p) (i32.const 1))) (br $next)))
      ;; 12: append what the message carries: argument or reply of a call
      (if (i32.eq (local.get $op) (i32.const 12)) (then
        (call $argument_copy (global.get $free) (i32.const 0) (call $argument_size))
        (call $append (global.get $free) (call $argument_size))
        (local.set $p (i32.add (local.get $p) (i32.const 1))) (br $next)))
      ;; 13: append reject code (1 byte) and message
      (if (i32.eq (local.get $op) (i32.const 13)) (then
        (i32.store8 (i32.const 64) (call $reject_code))
        (call $append (i32.const 64) (i32.const 1))
        (call $reject_copy (global.get $free) (i32.const 0) (call $reject_size))
        (call $append (global.get $free) (call $reject_size))
        (local.set $p (i32.add (local.get $p) (i32.const 1))) (br $next)))
      ;; 14 kind: append a number: 0 refunded cycles, 1 instructions of the call, 2 version, 3 deadline
      (if (i32.eq (local.get $op) (i32.const 14)) (then
        (if (i32.eq (local.get $a) (i32.const 0)) (then
          (call $refunded (i32.const 72)) (call $append (i32.const 72) (i32.const 8))))
        (if (i32.eq (local.get $a) (i32.const 1)) (then (call $append_number (call $instructions (i32.const 1)))))
        (if (i32.eq (local.get $a) (i32.const 2)) (then (call $append_number (call $version))))
        (if (i32.eq (local.get $a) (i32.const 3)) (then (call $append_number (call $deadline))))
        (local.set $p (i32.add (local.get $p) (i32.const 2))) (br $next)))
      ;; 15: append the data certificate, nothing if there is none
      (if (i32.eq (local.get $op) (i32.const 15)) (then
        (if (call $certificate_present) (then
          (call $certificate_copy (global.get $free) (i32.const 0) (call $certificate_size))
          (call $append (global.get $free) (call $certificate_size))))
        (local.set $p (i32.add (local.get $p) (i32.const 1))) (br $next)))
      ;; 16 amount: burn cycles
      (if (i32.eq (local.get $op) (i32.const 16)) (then
        (call $burn (i64.const 0) (i64.load (i32.add (local.get $p) (i32.const 1))) (i32.const 64))
        (local.set $p (i32.add (local.get $p) (i32.const 9))) (br $next)))
      ;; 17: never end
      (if (i32.eq (local.get $op) (i32.const 17)) (then (loop $forever (br $forever))))
      ;; 18 cell: add one to a byte of heap
      (if (i32.eq (local.get $op) (i32.const 18)) (then
        (i32.store8 (local.get $a) (i32.add (i32.load8_u (local.get $a)) (i32.const 1)))
        (local.set $p (i32.add (local.get $p) (i32.const 2))) (br $next)))
      ;; 19: accept the ingress message
      (if (i32.eq (local.get $op) (i32.const 19)) (then
        (call $accept_message)
        (local.set $p (i32.add (local.get $p) (i32.const 1))) (br $next)))
      ;; 20 text: print
      (if (i32.eq (local.get $op) (i32.const 20)) (then
        (call $print (i32.add (local.get $p) (i32.const 5)) (i32.load (i32.add (local.get $p) (i32.const 1))))
        (local.set $p (call $behind (i32.add (local.get $p) (i32.const 1)))) (br $next)))
      ;; 21 hook script: what to run 0 before an upgrade, 1 at the timer, 2 at a heartbeat
      (if (i32.eq (local.get $op) (i32.const 21)) (then
        (local.set $b (call $keep (i32.add (local.get $p) (i32.const 2))))
        (if (i32.eq (local.get $a) (i32.const 0)) (then (global.set $before_upgrade (local.get $b))))
        (if (i32.eq (local.get $a) (i32.const 1)) (then (global.set $at_timer (local.get $b))))
        (if (i32.eq (local.get $a) (i32.const 2)) (then (global.set $at_heartbeat (local.get $b))))
        (local.set $p (call $behind (i32.add (local.get $p) (i32.const 2)))) (br $next)))
      ;; 22: reply with what was appended
      (if (i32.eq (local.get $op) (i32.const 22)) (then
        (call $reply)
        (local.set $p (i32.add (local.get $p) (i32.const 1))) (br $next)))
      ;; 23 pages: grow the heap
      (if (i32.eq (local.get $op) (i32.const 23)) (then
        (drop (memory.grow (local.get $a)))
        (local.set $p (i32.add (local.get $p) (i32.const 2))) (br $next)))
      ;; 24 mebibytes: append so many zeros
      (if (i32.eq (local.get $op) (i32.const 24)) (then
        (loop $mebibyte
          (if (local.get $a) (then
            (call $append (i32.const 0) (i32.const 1048576))
            (local.set $a (i32.sub (local.get $a) (i32.const 1)))
            (br $mebibyte))))
        (local.set $p (i32.add (local.get $p) (i32.const 2))) (br $next)))
      (unreachable)))

  (func (export "canister_update run") (call $run_argument))
  (func (export "canister_query read") (call $run_argument))
  (func (export "canister_composite_query compose") (call $run_argument))
  (func (export "canister_init") (call $run_argument))
  (func (export "canister_post_upgrade") (call $run_argument))
  (func (export "canister_pre_upgrade") (call $run_stored (global.get $before_upgrade)))
  (func (export "canister_global_timer") (call $run_stored (global.get $at_timer)))
  (func (export "HEARTBEAT") (call $run_stored (global.get $at_heartbeat)))
  ;; Runs the argument as well: without an operation 19 in it the message is refused.
  (func (export "INSPECT") (call $run_argument))
)
