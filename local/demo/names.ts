/** Names of people, streets and work from which the demo company is put together. */

export const technicianNames = [
  ["Ana", "Ruiz"],
  ["Marcus", "Bell"],
  ["Tom", "Sandoval"],
  ["Renee", "Okafor"],
  ["Luis", "Trujillo"],
  ["Derek", "Hoffman"],
  ["Priya", "Nair"],
  ["Cody", "Larsen"],
  ["Wes", "McAllister"],
  ["Jamal", "Whitaker"],
  ["Erin", "Kowalski"],
  ["Sam", "Begaye"],
  ["Nate", "Fischer"],
  ["Gloria", "Montoya"],
] as const;

export const firstNames =
  "Dana Peter Lucia Robert Karen Andre Helen Miguel Joan Brian Sofia Curtis Yvonne Pat Walter Denise Grant Olivia Hector Lynn Evan Marta Roy Tessa Victor Alma Scott Nora Felix Judith Owen Carla Dwight Irene Paul Sonia Keith Rosa Neil Claire Ivan Bonnie Glen Maya Dean Leticia Ross Amy Carlos Fern Todd Vera Joel Hannah Rick Elena Mark Gina Alan Tara".split(
    " ",
  );

/** Family names; those of the stories' own people are kept out. */
export const lastNames =
  "Whitfield Abbott Barrera Caldwell Dominguez Ellery Fontaine Gallegos Hendricks Ibarra Jessup Kimball Lindqvist Maddox Norwood Ortega Pruitt Quintana Rasmussen Salazar Tillman Ulrich Valdez Weaver Yamada Zielinski Ashby Bowen Cordova Draper Esquibel Faulkner Goddard Haskell Iverson Jaramillo Kessel Lovato Mercer Nakamura Oldham Pacheco Quigley Rourke Stroud Teague Underhill Vickers Wexler Yates Zamora Atencio Beckett Crandall Dunham Eastman Fierro Granger Holloway Inman Joyner Keating Lockhart Medina Neville Osborn Pickett Renner Sizemore Thornton Upton Vance Winslow Yoder Zapata Alder Brandt Colby Duran Emery Foley Griego Hatcher Irwin Jeffers Kirby Landry Munoz Nash Odell Poole Reeves Sutter Truitt Urban Voss Wiley York Zuniga Ames Bristol Chavez Dalton Eaton Frye Galvan Hume Isley Judd Knox Lujan Marsh Nolan Orr Pratt Roybal Sena Tobin Usher Vigil Wray Archer Baca Conley Dyer Ewing Fitch Gower Huerta Ivey Jarvis Kemp Lyle Mabry Ness Olsen Platt Rusk Shea Tapia Upshaw Vail".split(
    " ",
  );

export const companyNames = [
  "Alpine Ridge HOA",
  "Broadway Dental Group",
  "Cherry Creek Bistro",
  "Foothills Preschool",
  "Platte Valley Storage",
  "Union Station Lofts",
  "Table Mesa Brewing",
  "Pearl Street Books",
];

export const streets = {
  denver: [
    "S Logan St",
    "Gaylord St",
    "E Colfax Ave",
    "W 32nd Ave",
    "Tennyson St",
    "S Pearl St",
    "Quebec St",
    "Ulster Way",
  ],
  boulder: ["Table Mesa Dr", "Pearl St", "Arapahoe Ave", "Baseline Rd", "Iris Ave", "Broadway St", "Mapleton Ave"],
} as const;

export const zips = {
  denver: ["80203", "80205", "80209", "80210", "80211", "80220"],
  boulder: ["80301", "80302", "80304", "80305"],
} as const;

/** What is done, as the branch titles it and as the office sums it up; price range in cents before tax. */
export const plumbing = [
  {
    title: "Water heater replacement",
    summary: "Replace 50 gal water heater, haul away old unit",
    from: 98000,
    to: 189000,
  },
  { title: "Drain cleaning", summary: "Main line backed up, snake and camera", from: 18500, to: 42000 },
  { title: "Faucet repair", summary: "Kitchen faucet drips, replace cartridge", from: 9500, to: 21000 },
  { title: "Toilet rebuild", summary: "Toilet runs, rebuild tank", from: 11000, to: 24500 },
  { title: "Sump pump", summary: "Sump pump does not start", from: 32000, to: 76000 },
  { title: "Garbage disposal", summary: "Disposal jammed, swap unit", from: 21000, to: 38000 },
  { title: "Leak search", summary: "Wet spot on ceiling below bath", from: 16000, to: 61000 },
  { title: "Gas line", summary: "Gas line for range, pressure test", from: 42000, to: 118000 },
  { title: "Backflow test", summary: "Yearly backflow test and report", from: 8500, to: 14500 },
  { title: "Shower valve", summary: "Shower valve stuck, replace", from: 28000, to: 69000 },
] as const;

export const fleetWork = [
  { title: "Brake service", summary: "Front pads and rotors", from: 24000, to: 52000 },
  { title: "Oil and filter", summary: "Oil and filter, 25 point check", from: 8900, to: 14900 },
  { title: "Lift gate repair", summary: "Lift gate slow, replace hydraulic line", from: 31000, to: 84000 },
  { title: "Coolant leak", summary: "Coolant leak, replace hose and thermostat", from: 19000, to: 46000 },
] as const;

export type Work = { title: string; summary: string; from: number; to: number };
