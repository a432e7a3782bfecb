// Acquire a code as a ward terminal would: ask once, then ask how it stands until it ends.
//
// It needs io.grpc:grpc-netty-shaded, grpc-protobuf and grpc-stub, com.google.protobuf:protobuf-java,
// and the code that protoc (--java_out) and protoc-gen-grpc-java (--grpc-java_out) make of the folder
// that `renkei protos export` wrote. Arguments: DATA HOST:PORT [LOCAL_ADDRESS_NUMBER]

import com.google.rpc.ErrorInfo;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import renkei.type.v1.Acquisition.AcquisitionState;
import renkei.type.v1.Codes.LocalAddressNumber;
import renkei.type.v1.OperatorSessionOuterClass.OperatorSession;
import renkei.ward.v1.ResidentRecord.GetCodeAcquisitionRequest;
import renkei.ward.v1.ResidentRecord.RequestCodeAcquisitionRequest;
import renkei.ward.v1.ResidentRecordServiceGrpc;
import renkei.ward.v1.ResidentRecordServiceGrpc.ResidentRecordServiceBlockingStub;

public final class Acquire {
    private static final String WARD = "131148";
    private static final String SERVER = "resident-record.131148.ward-131148.renkei.test";

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        Path caller = data.resolve("callers").resolve("ward-terminal." + WARD);
        String digits = arguments.length > 2 ? arguments[2] : anyone(data);
        LocalAddressNumber person = LocalAddressNumber.newBuilder().setDigits(digits).build();
        OperatorSession session =
                OperatorSession.parseFrom(Files.readAllBytes(caller.resolve("operator-session.bin")));
        ManagedChannel channel = Grpc.newChannelBuilder(
                        arguments[1],
                        TlsChannelCredentials.newBuilder()
                                .keyManager(
                                        caller.resolve("chain.pem").toFile(), caller.resolve("key.pem").toFile())
                                .trustManager(caller.resolve("roots.pem").toFile())
                                .build())
                .overrideAuthority(SERVER)
                .build();
        try {
            register(channel)
                    .requestCodeAcquisition(RequestCodeAcquisitionRequest.newBuilder()
                            .setSender(WARD)
                            .setRequestId(UUID.randomUUID().toString())
                            .setOperatorSession(session)
                            .setLocalAddressNumber(person)
                            .build());
            GetCodeAcquisitionRequest look = GetCodeAcquisitionRequest.newBuilder()
                    .setSender(WARD)
                    .setOperatorSession(session)
                    .setLocalAddressNumber(person)
                    .build();
            AcquisitionState state;
            do {
                Thread.sleep(200);
                state = register(channel).getCodeAcquisition(look).getAcquisition().getState();
            } while (state == AcquisitionState.ACQUISITION_STATE_PENDING);
            System.out.println("state: " + state);
        } catch (StatusRuntimeException error) {
            System.err.println("refused: " + reason(error));
            System.exit(1);
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static ResidentRecordServiceBlockingStub register(ManagedChannel channel) {
        return ResidentRecordServiceGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS);
    }

    /** The first resident of the ward in the world's table of persons. */
    private static String anyone(Path data) throws Exception {
        return Files.readAllLines(data.resolve("people.csv")).stream()
                .map(row -> row.split(","))
                .filter(row -> row[0].equals(WARD) && row[4].equals("resident"))
                .findFirst()
                .orElseThrow()[1];
    }

    /** The reason of a refusal, or the status code of an outage. */
    private static String reason(StatusRuntimeException error) throws Exception {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status != null) {
            for (com.google.protobuf.Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return detail.unpack(ErrorInfo.class).getReason();
                }
            }
        }
        return error.getStatus().getCode().name();
    }
}
