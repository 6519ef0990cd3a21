//! Days, counted one year and one month after the other.

use engine::CalendarDate;

const DAY: u64 = 24 * 60 * 60 * 1_000_000_000;

fn is_leap(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// The day of an instant in nanoseconds since 1970, UTC.
pub fn date(instant: u64) -> CalendarDate {
    let mut days = instant / DAY;
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let day = days as u8 + 1;
    CalendarDate { year, month, day }
}

#[test]
fn the_first_and_the_last_day_of_a_leap_year_and_the_last_of_all_are_right() {
    let date = |instant| {
        let CalendarDate { year, month, day } = date(instant);
        (year, month, day)
    };
    assert_eq!(date(0), (1970, 1, 1));
    assert_eq!(date(1_704_067_200_000_000_000), (2024, 1, 1));
    assert_eq!(date(1_735_689_599_999_999_999), (2024, 12, 31));
    assert_eq!(date(16_725_225_600_000_000_000), (2500, 1, 1));
    assert_eq!(date(u64::MAX), (2554, 7, 21));
}
