import { describe, expect, it } from "vitest";
import { findRoute } from "#local/vendors/kit/routing.ts";
import { vendor } from "#local/vendors/servicetitan/vendor.ts";

/** Every action of the integration document: its key, and one request that it makes. */
const ACTIONS = `
assignTechnicians POST dispatch/appointment-assignments/assign-technicians
unassignTechnicians POST dispatch/appointment-assignments/unassign-technicians
listAppointmentsAssignment GET dispatch/appointment-assignments
cancelJob PUT jpm/jobs/1/cancel
createJob POST jpm/jobs
getJob GET jpm/jobs/1
listJobs GET jpm/jobs
updateJob PATCH jpm/jobs/1
listJobCancelReasons GET jpm/job-cancel-reasons
createAppointment POST jpm/appointments
getAppointment GET jpm/appointments/1
deleteAppointment DELETE jpm/appointments/1
listAppointments GET jpm/appointments
createProject POST jpm/projects
getProject GET jpm/projects/1
updateProject PATCH jpm/projects/1
listProjects GET jpm/projects
createBookingByProvider POST crm/booking-provider/7/bookings
getBookingByProvider GET crm/booking-provider/7/bookings/1
updateBooking PATCH crm/booking-provider/7/bookings/1
listBookingByProvider GET crm/booking-provider/7/bookings
getBookingByTenant GET crm/bookings/1
listBookingByTenant GET crm/bookings
createCustomer POST crm/customers
getCustomer GET crm/customers/1
updateCustomer PATCH crm/customers/1
listCustomers GET crm/customers
createCustomerContact POST crm/customers/1/contacts
updateCustomerContact PATCH crm/customers/1/contacts/2
deletCustomersContact DELETE crm/customers/1/contacts/2
listCustomersContact GET crm/customers/1/contacts
listCustomersContact GET crm/customers/contacts
createLocation POST crm/locations
getLocation GET crm/locations/1
updateLocation PATCH crm/locations/1
listLocations GET crm/locations
createInstalledEquipment POST equipmentsystems/installed-equipment
getInstalledEquipment GET equipmentsystems/installed-equipment/1
updateInstalledEquipment PATCH equipmentsystems/installed-equipment/1
listInstalledEquipment GET equipmentsystems/installed-equipment
createInstalledEquipmentAttachment POST equipmentsystems/installed-equipment/attachments
listInstalledEquipmentAttachments GET equipmentsystems/installed-equipment/attachments
createInvoices POST accounting/invoices
listInvoices GET accounting/invoices
updateInvoice PATCH accounting/invoices/1
updateInvoiceCustomFields PATCH accounting/invoices/custom-fields
updateInvoiceItems PATCH accounting/invoices/1/items
deleteInvoiceItem DELETE accounting/invoices/1/items/2
createPayment POST accounting/payments
listPayments GET accounting/payments
updatePayment PATCH accounting/payments/1
updatePaymentCustomFields PATCH accounting/payments/custom-fields
createTechnician POST settings/technicians
getTechnician GET settings/technicians/1
updateTechnician PATCH settings/technicians/1
listTechnicians GET settings/technicians
listBusinessUnits GET settings/business-units
listUserRoles GET settings/user-roles`
  .trim()
  .split("\n")
  .map((line) => line.split(" "));

describe("every action of the integration document", () => {
  it.each(ACTIONS)("%s is played at %s %s", (key = "", method = "", path = "") => {
    const [module, ...rest] = path.split("/");
    const found = findRoute(vendor, method, `/${module}/v2/tenant/1/${rest.join("/")}`);
    expect(found?.route.operation).toBe(key);
  });

  it("57 keys in all, the raw request aside", () => {
    expect(new Set(ACTIONS.map(([key]) => key)).size).toBe(57);
  });
});
