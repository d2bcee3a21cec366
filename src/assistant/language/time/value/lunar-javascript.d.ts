declare module 'lunar-javascript' {
  interface SolarDay {
    toYmd(): string;
  }
  interface LunarDay {
    getSolar(): SolarDay;
    getJieQiTable(): Record<string, SolarDay>;
  }
  interface DayOff {
    getDay(): string;
    isWork(): boolean;
  }
  const lunar: {
    Lunar: { fromYmd(year: number, month: number, day: number): LunarDay };
    LunarYear: { fromYear(year: number): { getMonth(month: number): { getDayCount(): number } | null } };
    HolidayUtil: { getHolidaysByTarget(ymd: string): DayOff[] };
  };
  export default lunar;
}
