/* Prints the requests to /dev/sev-guest and /dev/tdx_guest as the kernel's own headers have them, one value a line. */
#include <linux/sev-guest.h>
#include <linux/tdx-guest.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void number(const char *name, unsigned long value) { printf("%s %lu\n", name, value); }

static void bytes(const char *name, const void *place, size_t length) {
  const unsigned char *at = place;
  printf("%s ", name);
  for (size_t i = 0; i < length; i++) printf("%02x", at[i]);
  printf("\n");
}

#define REQUEST 0x1122334455667788ul
#define ANSWER 0x99aabbccddeeff00ul
#define ROOM 0x0102030405060708ul

int main(void) {
  number("getReport", SNP_GET_REPORT);
  number("getExtReport", SNP_GET_EXT_REPORT);
  number("getReport0", TDX_CMD_GET_REPORT0);
  number("size.request", sizeof(struct snp_guest_request_ioctl));
  number("size.reportRequest", sizeof(struct snp_report_req));
  number("size.reportResponse", sizeof(struct snp_report_resp));
  number("size.extReportRequest", sizeof(struct snp_ext_report_req));
  number("size.tdRequest", sizeof(struct tdx_report_req));
  number("at.errors", offsetof(struct snp_guest_request_ioctl, exitinfo2));
  number("at.certificatesLength", offsetof(struct snp_ext_report_req, certs_len));
  number("at.tdReport", offsetof(struct tdx_report_req, tdreport));
  number("vmm.invalidLength", SNP_GUEST_VMM_ERR_INVALID_LEN);
  number("vmm.busy", SNP_GUEST_VMM_ERR_BUSY);

  struct snp_report_req report = {0};
  for (int i = 0; i < 64; i++) report.user_data[i] = i + 1;
  report.vmpl = 3;
  bytes("reportRequest", &report, sizeof report);

  struct snp_ext_report_req extended = {0};
  extended.data = report;
  extended.certs_address = ROOM;
  extended.certs_len = 0x4000;
  bytes("extReportRequest", &extended, sizeof extended);

  struct snp_guest_request_ioctl request = {0};
  request.msg_version = 1;
  request.req_data = REQUEST;
  request.resp_data = ANSWER;
  bytes("guestRequest", &request, sizeof request);

  request.fw_error = 0x16;
  request.vmm_error = SNP_GUEST_VMM_ERR_BUSY;
  bytes("guestRequest.failed", &request, sizeof request);

  struct tdx_report_req td = {0};
  for (int i = 0; i < 64; i++) td.reportdata[i] = i + 1;
  bytes("tdRequest", &td, sizeof td);
  return 0;
}
