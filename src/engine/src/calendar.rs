//! Days of the proleptic Gregorian calendar, UTC.

/// Nanoseconds in a day.
pub(crate) const NANOS_PER_DAY: u64 = 24 * 60 * 60 * 1_000_000_000;

/// A day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate {
    /// The year, for example 2026.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
}

impl CalendarDate {
    /// The day that lies `days` days after 1970-01-01, for any day that a `u64` of nanoseconds reaches.
    ///
    /// Counts in years that begin on March 1, so that the leap day is a year's last, and in eras of 400 of
    /// them (146,097 days), after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    pub(crate) fn from_days(days: u32) -> Self {
        const DAYS_PER_ERA: u32 = 146_097;
        // From 0000-03-01 to 1970-01-01.
        const DAYS_BEFORE_1970: u32 = 719_468;
        let days = days + DAYS_BEFORE_1970;
        let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        Self {
            year: (era * 400 + year_of_era + u32::from(month <= 2)) as i32,
            month: month as u8,
            day: (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many days after 1970-01-01 an instant lies.
    fn day_of(nanos: u64) -> u32 {
        (nanos / NANOS_PER_DAY) as u32
    }

    fn date(nanos: u64) -> (i32, u8, u8) {
        let date = CalendarDate::from_days(day_of(nanos));
        (date.year, date.month, date.day)
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(NANOS_PER_DAY - 1), (1970, 1, 1));
        assert_eq!(date(NANOS_PER_DAY), (1970, 1, 2));
        assert_eq!(date(951_782_399_999_999_999), (2000, 2, 28));
        assert_eq!(date(951_782_400_000_000_000), (2000, 2, 29));
        assert_eq!(date(951_868_800_000_000_000), (2000, 3, 1));
        assert_eq!(date(u64::MAX), (2554, 7, 21));
    }

    #[test]
    fn every_day_that_a_u64_reaches_follows_the_one_before() {
        let length = |year: i32, month: u8| match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        };
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..=day_of(u64::MAX) {
            assert_eq!(
                CalendarDate::from_days(days),
                CalendarDate { year, month, day }
            );
            day += 1;
            if day > length(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }
}
