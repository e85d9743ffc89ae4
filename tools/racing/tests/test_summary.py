import unittest

from racing import floor, summary, syscalls

TRACE = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000600           2       300           process_vm_readv
 40.00    0.000400           1       400         3 futex
------ ----------- ----------- --------- --------- ----------------
100.00    0.001000           1       700         3 total
"""


def heat(profiler, turn, cpu):
    return {"python": "3.13", "target": "t", "rate": 1000, "profiler": profiler, "round": turn, "cpu_us": cpu}


class RatioTest(unittest.TestCase):
    def test_only_figures_of_one_round_are_compared(self):
        heats = [heat("a", 0, 10), heat("b", 0, 100), heat("a", 1, 20), heat("b", 1, 50), heat("a", 2, 7)]
        key = ("3.13", "t", 1000)
        self.assertEqual(0.25, summary.ratio(heats, key + ("a",), key + ("b",), "cpu_us"))
        self.assertIsNone(summary.ratio(heats, key + ("a",), key + ("c",), "cpu_us"))

    def test_where_no_round_worked_the_reason_stays(self):
        self.assertEqual("too old", summary.cell([{"reason": "too old"}])["reason"])


class StraceTest(unittest.TestCase):
    def test_calls_are_counted_by_name(self):
        self.assertEqual({"process_vm_readv": 300, "futex": 400, "total": 700}, syscalls.parse_strace(TRACE))


    def test_perf_counts_by_event_and_reads_by_thread(self):
        text = (
            "C1 comp-er-12,700,,raw_syscalls:sys_enter,1,100.00,,\n"
            "jspy-sampler-13,300,,syscalls:sys_enter_process_vm_readv,1,100.00,,\n"
            "jspy-drain-14,20,,syscalls:sys_enter_process_vm_readv,1,100.00,,\n"
            "x-15,<not counted>,,syscalls:sys_enter_futex,0\n"
        )
        calls, reads = syscalls.parse_perf(text)
        self.assertEqual({"total": 700, "process_vm_readv": 320}, calls)
        self.assertEqual({"jspy-sampler": 300, "jspy-drain": 20}, reads)
        self.assertEqual(5, syscalls.parse_perf("5,,raw_syscalls:sys_enter,1,100.00,,")[0]["total"])


class FloorTest(unittest.TestCase):
    def test_the_ranges_of_the_other_process_are_found_in_a_call(self):
        line = (
            "12 process_vm_readv(9, [{iov_base=0x1, iov_len=8}, {iov_base=0x2, iov_len=16}], 2, "
            "[{iov_base=0x7f00, iov_len=8}, {iov_base=0x8f00, iov_len=16}], 2, 0) = 24"
        )
        self.assertEqual((("0x7f00", 8), ("0x8f00", 16)), floor.ranges_of(line))
        self.assertIsNone(floor.ranges_of("12 process_vm_readv(9,  <unfinished ...>"))

    def test_the_usual_list_is_the_last_of_the_most_frequent_length(self):
        self.assertEqual(("b",), floor.usual([("a",), ("x", "y"), ("b",)]))
